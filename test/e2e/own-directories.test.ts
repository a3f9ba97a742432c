/** Snapshots in the root of a mount, and `lost+found`, are neither copied nor deleted, and the report tells of them. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { bind, mountMemory, unmountingBelow } from '../support/mounts.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file, type Tree } from '../support/tree.ts';

const NAMES = ['.ckpt', '.snapshot', '.zfs', 'lost+found'] as const;
const OWN: Tree = Object.fromEntries(NAMES.map((name) => [name, dir({ f: file(name) })]));
const SNAPSHOTS = 'skipped because they hold snapshots: ';
const FOUND = 'skipped because they are part of a file system itself: ';

/** Both below directories of the test. */
async function mounted(trees: Trees, side: keyof Trees, use: (at: Trees) => Promise<void>): Promise<void> {
  await unmountingBelow(trees.directory, async () => {
    const at = join(trees.directory, 'mounted');
    mkdirSync(at);
    mountMemory(at);
    await use({ ...trees, [side]: at });
  });
}

function presentIn(root: string): string[] {
  return NAMES.filter((name) => existsSync(join(root, name, 'f')));
}

describeWith(['root', 'tmpfs mount'], 'directories of the file system itself', () => {
  test('of the source are not copied, nor those of the same name deleted', async ({ trees }) => {
    await mounted(trees, 'source', async (at) => {
      await writeTree(at.source, { ...OWN, a: file('a') });
      const { stdout } = await sync(at, ['--delete', '--delete-excluded']);
      expect(stdout).toContain(
        `${SNAPSHOTS}.ckpt in the source, .snapshot in the source, .zfs in the source\n`,
      );
      expect(stdout).toContain(`${FOUND}lost+found in the source\n`);
      expect(presentIn(at.destination)).toEqual([]);
      await writeTree(at.destination, OWN);
      await sync(at, ['--delete', '--delete-excluded']);
      expect(presentIn(at.destination)).toEqual(NAMES);
      await verify(at, ['--delete']);
    });
  });

  test('of the destination are neither extraneous nor deleted', async ({ trees }) => {
    await mounted(trees, 'destination', async (at) => {
      await writeTree(at.source, { a: file('a') });
      await writeTree(at.destination, { ...OWN, b: file('b') });
      const planned = await sync(at, ['--delete', '-n', '-i']);
      expect(planned.stdout.match(/^\*deleting.*$/gm)).toEqual([expect.stringMatching(/ b$/)]);
      const { stdout } = await sync(at, ['--delete', '--delete-excluded', '--json']);
      expect(JSON.stringify(reportIn(stdout))).toContain(`${FOUND}lost+found in the destination`);
      expect(presentIn(at.destination)).toEqual(NAMES);
      expect(existsSync(join(at.destination, 'b'))).toBe(false);
      await verify(at, ['--delete']);
    });
  });

  test('of a mount below the source', async ({ trees }) => {
    await unmountingBelow(trees.directory, async () => {
      mkdirSync(join(trees.source, 'm'));
      mountMemory(join(trees.source, 'm'));
      await writeTree(join(trees.source, 'm'), { ...OWN, a: file('a') });
      const { stdout } = await sync(trees, ['--delete']);
      expect(stdout).toContain(`${FOUND}m/lost+found in the source\n`);
      expect(presentIn(join(trees.destination, 'm'))).toEqual([]);
      expect(existsSync(join(trees.destination, 'm/a'))).toBe(true);
    });
  });

  test('take part where a rule or a list names them', async ({ trees }) => {
    await mounted(trees, 'source', async (at) => {
      await writeTree(at.source, OWN);
      await sync(at, ['--include=/.snapshot/***', '--include=lost+found/', '--include=*']);
      expect(presentIn(at.destination)).toEqual(['.snapshot', 'lost+found']);
      await writeTree(trees.directory, { list: file('.zfs/f\n') });
      await sync(at, [`--files-from=${join(trees.directory, 'list')}`]);
      expect(presentIn(at.destination)).toEqual(['.snapshot', '.zfs', 'lost+found']);
    });
  });

  test('are only what is in the root of the whole, and a directory', async ({ trees }) => {
    await writeTree(trees.source, { ...OWN, a: dir(OWN) });
    await sync(trees);
    expect(await compareTrees(trees.source, trees.destination)).toEqual([]);
    await mounted(trees, 'source', async (at) => {
      await writeTree(at.source, { '.snapshot': file('x'), 'lost+found': file('x'), a: dir(OWN) });
      await sync(at, ['--delete']);
      expect(await compareTrees(at.source, at.destination)).toEqual([]);
    });
  });

  test('lost+found of a directory that is mounted by itself is like any other', async ({ trees }) => {
    await unmountingBelow(trees.directory, async () => {
      await writeTree(trees.directory, { part: dir(OWN) });
      bind(join(trees.directory, 'part'), trees.source);
      await sync(trees);
      expect(presentIn(trees.destination)).toEqual(['lost+found']);
    });
  });
});
