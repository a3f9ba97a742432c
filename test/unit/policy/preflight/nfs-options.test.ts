/** Each option that departs from the recommended ones is told, with its effect and its cure. */
import { expect, test } from 'vitest';
import { checkNfsOptions } from '../../../../src/policy/preflight/nfs-options.ts';

const RECOMMENDED =
  'rw,vers=4.1,rsize=1048576,wsize=1048576,hard,noresvport,proto=tcp,timeo=600,retrans=2,sec=sys';

function findings(options: string, { side = 'destination', isEfs = true } = {}): string[] {
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
  const checks = checkNfsOptions({ side: side as 'source', mount, isEfs });
  return checks.map(({ result, finding, cure }) => `${result} ${finding} -> ${cure ?? ''}`);
}

test('the recommended ones are in order', () => {
  expect(findings(RECOMMENDED)).toEqual(['OK vers=4.1,rsize=1048576,wsize=1048576,timeo=600,hard -> ']);
});

test.each([
  [['vers=4.1', 'vers=4.0'], /^WARNING NFS 4\.0: .* -> mount with nfsvers=4\.1$/],
  [['rsize=1048576', 'rsize=65536'], /^WARNING rsize=65536: .* 16 times .* -> mount with rsize=1048576/],
  [['wsize=1048576', 'wsize=524288'], /^WARNING wsize=524288: .* 2 times/],
  [['hard', 'soft'], /^WARNING soft: .* loses what is written .* -> mount with hard/],
  [['hard', 'softerr'], /^WARNING soft: /],
  [['timeo=600', 'timeo=50'], /^WARNING timeo=50: .* after 5 s/],
  [['noresvport', 'resvport'], /^WARNING without noresvport .* -> mount with noresvport$/],
  [['proto=tcp', 'proto=tcp,nconnect=4'], /^WARNING nconnect=4: EFS does not support it/],
  [['sec=sys', 'sync'], /^WARNING sync: /],
  [['sec=sys', 'noac'], /^WARNING noac: /],
  [['sec=sys', 'nocto'], /^WARNING nocto: /],
])('%j', ([from = '', to = ''], expected) => {
  const found = findings(RECOMMENDED.replace(from, to));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(expected);
});

test('a soft source fails files, and what is EFS alone is asked of EFS alone', () => {
  expect(findings(RECOMMENDED.replace('hard', 'soft'), { side: 'source' })[0]).toMatch(
    /fails the files that are read/,
  );
  expect(findings(RECOMMENDED.replace('noresvport', 'nconnect=4'), { isEfs: false })[0]).toMatch(/^OK/);
});
