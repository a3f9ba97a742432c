/** A directory that cannot be made is one problem; one that others have already removed is none. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn, syncForReport } from '../support/json-report.ts';
import { withOddfs } from '../support/oddfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

async function toOddfs(
  trees: Trees,
  rules: readonly string[],
  use: (pair: Trees) => Promise<void>,
): Promise<void> {
  const mountPoint = join(trees.directory, 'odd');
  await withOddfs({ backing: trees.destination, mountPoint }, rules, () =>
    use({ ...trees, destination: mountPoint }),
  );
}

describeWith(['oddfs'], 'a directory that cannot be created', () => {
  test.for(['alone', 'with others in it'])(
    '%s: one path fails, all others are copied',
    async (kind, { trees }) => {
      const inner = kind === 'alone' ? {} : { sub: dir({ g: file('g'), deeper: dir({ h: file('h') }) }) };
      await writeTree(trees.source, {
        a: file('a'),
        d: dir({ f: file('f'), ...inner }),
        e: dir({ f: file('f') }),
      });
      await toOddfs(trees, ['err mkdir d EPERM', 'err rename d EPERM'], async (pair) => {
        const { stdout } = await sync(pair, ['--json'], { status: 23 });
        const { problems, verdicts } = reportIn(stdout);
        expect(problems).toMatchObject([
          { path: 'd', code: 'EPERM', reason: 'Operation not permitted; its contents are skipped' },
        ]);
        expect(verdicts).toEqual([]);
        const text = await sync(pair, [], { status: 23 });
        expect(text.stdout).toContain('1 path failed');
      });
      await expectSame(trees, { ignore: ['d', 'd/f', 'd/sub', 'd/sub/g', 'd/sub/deeper', 'd/sub/deeper/h'] });
      await sync(trees);
      await expectSame(trees);
    },
  );

  test('a separate failure inside a created directory is reported', async ({ trees }) => {
    await writeTree(trees.source, { d: dir({ sub: dir({ f: file('f') }), g: file('g') }) });
    await toOddfs(trees, ['err rename sub EPERM', 'err * g EACCES'], async (pair) => {
      const { problems } = await syncForReport(pair, [], { status: 23 });
      expect(problems.map(({ path }) => path).toSorted()).toEqual(['d/g', 'd/sub']);
    });
  });
});

describeWith(['oddfs', 'root'], 'a path that fails in two ways', () => {
  test('counts as one failed path, with a line for each failure', async ({ trees }) => {
    await writeTree(trees.source, { f: file('f', { uid: 5, gid: 6, xattrs: { 'user.a': 'b' } }) });
    await toOddfs(trees, ['err chown * EPERM', 'err setxattr * EIO'], async (pair) => {
      const { stdout } = await sync(pair, ['-X', '--verify=none'], { status: 23 });
      expect(stdout).toContain('1 path failed');
      expect(stdout).toContain('cannot set the owner of');
      expect(stdout).toContain('cannot set the extended attributes of');
    });
  });
});

test('entries that others removed before their deletion count as deleted', async ({ trees }) => {
  await writeTree(trees.source, { large: file('y'.repeat(600_000)) });
  const gone = { g: file('g'), deep: dir({ h: file('h'), deeper: dir({ i: file('i') }) }) };
  await writeTree(trees.destination, { x: dir(gone), kept: dir({ f: file('f'), y: dir(gone) }), z: dir() });
  let hasRemoved = false;
  const { stdout } = await sync(trees, ['--delete', '--bwlimit=200', '--json'], {
    onStart: (child) => {
      const timer = setInterval(() => {
        if (readdirSync(trees.destination).length <= 3) return;
        clearInterval(timer);
        for (const name of ['x', 'kept/y', 'z']) rmSync(join(trees.destination, name), { recursive: true });
        hasRemoved = true;
      }, 5);
      child.on('exit', () => {
        clearInterval(timer);
      });
    },
  });
  expect(hasRemoved).toBe(true);
  expect(reportIn(stdout)).toMatchObject({ status: 'Success', problems: [], tally: { entriesDeleted: 15 } });
  await expectSame(trees);
});
