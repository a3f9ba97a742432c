/** `efs-sync why` tells of guards, of what is in the way, of mounts and of lists. */
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { mountMemory, unmountingBelow } from '../support/mounts.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, sync, test } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';
import { explain, printed, writeTrees } from '../support/why.ts';

test('what is a directory at the destination gives way, and what is in it goes', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a') });
  await writeTree(trees.destination, { a: dir({ b: file('b') }) });
  expect(await printed(trees, ['a', 'a/b'])).toEqual([
    'would be copied again\n  a file, at the destination a directory\n' +
      '  without --delete or --force, the directory gives way only if it is empty',
    'only the destination has it, where it stays\n  a: it is no directory in the source\n' +
      '  a: without --delete, what the destination has stays',
  ]);
  expect(await printed(trees, ['a/b'], ['--force'])).toEqual([
    'would be deleted from the destination\n  it is in the way of what the source has in its place',
  ]);
});

test('nothing is deleted for a source that is empty, or all of which is excluded', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a') });
  await writeTree(trees.destination, { b: file('b') });
  expect(await printed(trees, ['b'], ['--delete', '--exclude=a'])).toEqual([
    'only the destination has it, where it stays\n  the source does not have it\n' +
      '  a source that is empty, or all of which is excluded, deletes nothing',
  ]);
  await sync(trees, ['--delete', '--exclude=a'], { status: 3 });
});

test('of several names of a file, all are known only in a run', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a') });
  linkSync(join(trees.source, 'a'), join(trees.source, 'b'));
  const [told] = await printed(trees, ['b']);
  expect(told).toContain('\n  it is one of 2 hard links: which of them are written');
});

test('what a run that was killed has left behind goes', async ({ trees }) => {
  const name = `.efs-sync-${'0'.repeat(32)}.tmp`;
  await writeTree(trees.source, { a: file('a') });
  await writeTree(trees.destination, { [name]: file('half') });
  const [told] = await printed(trees, [name]);
  expect(told).toBe(
    'would be deleted from the destination\n  the source does not have it\n' +
      '  an earlier run that was killed left it behind',
  );
});

test('a list and -R leave out what they do not name', async ({ trees }) => {
  await writeTrees(trees);
  const list = join(trees.directory, 'list');
  writeFileSync(list, 'only/c.o\n');
  const told = await explain(
    trees,
    ['only', 'only/c.o', 'only/d.c', 'new', 'extra'],
    [`--files-from=${list}`],
  );
  expect(told.map(({ decision }) => decision)).toEqual(['copy', 'copy', 'leave out', 'leave out', 'keep']);
  const relative = await run(['why', 'both/f', 'new', `${trees.source}/./both`, trees.destination, '-R']);
  expect(relative.stdout).toBe(
    'both/f: would be copied\n  the destination does not have it\n\n' +
      'new: left out\n  with --relative, only the path of the source takes part\n',
  );
});

describeWith(['root', 'tmpfs mount'], 'mounts', () => {
  test('hold directories of their own, and may be left out', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a'), m: dir({}) });
    await writeTree(trees.destination, { m: dir({}), n: dir({}) });
    await unmountingBelow(trees.directory, async () => {
      mountMemory(join(trees.source, 'm'));
      mountMemory(join(trees.destination, 'n'));
      mkdirSync(join(trees.source, 'm/.snapshot/s'), { recursive: true });
      const [told] = await printed(trees, ['m/.snapshot/s']);
      expect(told).toBe(
        'left out\n  m/.snapshot: it holds snapshots; an include rule with its name takes it in',
      );
      const [outside, extraneous] = await printed(trees, ['m/.snapshot/s', 'n'], ['-x', '--delete']);
      expect(outside).toBe('left out\n  m: --one-file-system: its content is on another file system');
      expect(extraneous).toContain('  something is mounted there, and nothing is deleted in it');
    });
  });
});
