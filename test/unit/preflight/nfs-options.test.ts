/** Each option that differs from the recommendation is reported, with its effect and its fix. */
import { test, expect } from 'vitest';
import type { Check } from '../../../src/model/preflight-results.ts';
import { checkNfsOptions } from '../../../src/preflight/nfs-options.ts';

const RECOMMENDED =
  'rw,vers=4.1,rsize=1048576,wsize=1048576,hard,noresvport,proto=tcp,timeo=600,retrans=2,sec=sys';

function checksOf(options: string, { side = 'destination', isEfs = true } = {}): Check[] {
  const mount = {
    mountId: 1,
    parentId: 1,
    device: '0:50',
    mountPoint: '/mnt',
    rootPath: '/',
    fileSystemType: 'nfs4',
    source: 'nas:/',
    options: ['rw'],
    superOptions: options.split(','),
    isRemote: true,
  };
  return checkNfsOptions({ side: side as 'source', mount, isEfs });
}

function findings(...asked: Parameters<typeof checksOf>): string[] {
  return checksOf(...asked).map(({ result, finding, cure }) => `${result} ${finding} -> ${cure ?? ''}`);
}

test('the recommended ones are in order', () => {
  expect(findings(RECOMMENDED)).toEqual(['OK vers=4.1,rsize=1048576,wsize=1048576,timeo=600,hard -> ']);
});

test('an unknown option is not judged', () => {
  expect(findings('rw,vers=4.1,noresvport')).toEqual(['OK vers=4.1,rsize=?,wsize=?,timeo=?,hard -> ']);
});

test('nconnect=1 is right for EFS', () => {
  expect(findings(`${RECOMMENDED},nconnect=1`)[0]).toMatch(/^OK /);
});

test.each(['source', 'destination'])('the options are those of the %s', (side) => {
  for (const options of [RECOMMENDED, `${RECOMMENDED},sync`]) {
    expect(checksOf(options, { side }).map(({ subject }) => subject)).toEqual([`${side}: mount options`]);
  }
});

test.each([
  [['vers=4.1', 'vers=4.0'], /^WARNING NFS 4\.0: .* -> mount with nfsvers=4\.1$/],
  [['rsize=1048576', 'rsize=65536'], /^WARNING rsize=65536: .* 16 times .* -> mount with rsize=1048576/],
  [['wsize=1048576', 'wsize=524288'], /^WARNING wsize=524288: .* 2 times/],
  [['hard', 'soft'], /^WARNING soft: data being written during a server outage is lost.* -> mount with hard/],
  [['hard', 'softerr'], /^WARNING soft: /],
  [['timeo=600', 'timeo=50'], /^WARNING timeo=50: .* after 5 s,.* -> mount with timeo=600$/],
  [['noresvport', 'resvport'], /^WARNING without noresvport .* -> mount with noresvport$/],
  [
    ['proto=tcp', 'proto=tcp,nconnect=4'],
    /^WARNING nconnect=4: EFS does not support it -> mount without nconnect$/,
  ],
  [['sec=sys', 'sync'], /^WARNING sync: .* -> mount without sync$/],
  [['sec=sys', 'noac'], /^WARNING noac: .* -> mount without noac$/],
  [['sec=sys', 'nocto'], /^WARNING nocto: .* -> mount without nocto$/],
])('%j', ([from = '', to = ''], expected) => {
  const found = findings(RECOMMENDED.replace(from, to));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(expected);
});

test('a soft source makes files fail, and EFS options are required only for EFS', () => {
  expect(findings(RECOMMENDED.replace('hard', 'soft'), { side: 'source' })[0]).toMatch(
    /files being read during a server outage fail/,
  );
  expect(findings(RECOMMENDED.replace('noresvport', 'nconnect=4'), { isEfs: false })[0]).toMatch(/^OK/);
});
