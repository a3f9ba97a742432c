/** --backup: bad values, and backup directories that are refused before anything is written. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeReplaced } from '../support/backup-trees.ts';
import { writeTree } from '../support/oracle.ts';
import { snapshot, sync, test } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

test.for([
  [['-b', '--suffix=a/b'], /--suffix.*without a slash/],
  [['-b', '--suffix='], /--suffix is empty/],
  [['--suffix='], /--suffix is empty/],
  [['--backup-dir=.'], /--backup-dir: backups in the destination itself need names of their own/],
  [['--backup-dir='], /--backup-dir: backups in the destination itself/],
  [['-b', '--inplace'], /--inplace writes into the file that --backup would keep/],
  [['--backup-dir=bk', '--no-backup'], /--backup-dir keeps what is replaced and --no-backup does not/],
] as const)('%j is refused', async ([args, message], { trees }) => {
  expect((await sync(trees, args, { status: 1 })).stderr).toMatch(message);
});

test('a backup directory that would mix with the trees is refused', async ({ trees }) => {
  await writeReplaced(trees);
  await writeTree(trees.source, { bk: dir({ x: file() }) });
  writeFileSync(join(trees.destination, 'taken'), '');
  const before = await snapshot(trees.directory);
  const refused = async (directory: string, message: RegExp, ...more: string[]) => {
    const { stderr } = await sync(trees, [`--backup-dir=${directory}`, ...more], { status: 3 });
    expect(stderr).toMatch(message);
  };
  await refused(trees.destination, /it is the destination itself; use a directory of its own/);
  await refused('..', /the destination lies in it/, '--suffix=.old');
  await refused(trees.source, /the source lies in it/);
  await refused(join(trees.source, 'new/er'), /it lies in the source, which is never written to/);
  await refused('bk', /the source has bk, too: .*--exclude=\/bk/);
  await refused('taken', /Not a directory/);
  await refused('/proc', /it is on another file system than the destination/);
  expect(await snapshot(trees.directory)).toEqual(before);
  await sync(trees, ['--backup-dir=bk', '--exclude=/bk', '--delete']);
});

test('another file system is refused', async ({ treesApart: trees }) => {
  await writeReplaced(trees);
  const elsewhere = join(trees.source, '../kept');
  mkdirSync(elsewhere);
  const { stderr } = await sync(trees, [`--backup-dir=${elsewhere}`], { status: 3 });
  expect(stderr).toMatch(/another file system than the destination, and a rename cannot move anything there/);
});
