/** The process's identity, compared with id(1) of the same user. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readOwnRights } from '../../../../src/filesystem/metadata/own-rights.ts';
import { run } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';
import { NOBODY } from '../../../support/run-cli.ts';

function idOf(...option: string[]): number[] {
  return run('id', ...option)
    .trim()
    .split(' ')
    .map(Number);
}

it('returns uid, gid and groups of this process', () => {
  const { isRoot, uid, gid, groups } = readOwnRights();
  expect([uid]).toEqual(idOf('-u'));
  expect([gid]).toEqual(idOf('-g'));
  expect(groups).toEqual(new Set(idOf('-G')));
  expect(isRoot).toBe(uid === 0);
});

describeWith(['another user'], 'readOwnRights', () => {
  it.each([
    ['no other groups', '--clear-groups', [5]],
    ['other groups', '--groups=7,4294967294', [5, 7, 4_294_967_294]],
  ])('identifies another user, with %s', (_, option, groups) => {
    const compiled = new URL('../../../../dist/filesystem/metadata/own-rights.js', import.meta.url);
    const script = `import(process.argv[1]).then(({ readOwnRights }) => readOwnRights())
      .then((rights) => console.log(JSON.stringify({ ...rights, groups: [...rights.groups] })))`;
    const command = [process.execPath, '-e', script, fileURLToPath(compiled)];
    const { stdout } = spawnSync('setpriv', [`--reuid=${NOBODY}`, '--regid=5', option, ...command], {
      cwd: '/',
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toEqual({ isRoot: false, uid: NOBODY, gid: 5, groups });
  });
});
