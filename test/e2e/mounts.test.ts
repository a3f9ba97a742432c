/**
 * A root that shows through the other, by any kind of mount, is refused: nothing of the source is ever lost.
 */
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { bind, mountMemory, unmountingBelow } from '../support/mounts.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, snapshot, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const SOURCE = { a: file('precious'), part: dir({ b: file('b'), deep: dir({ c: file('c') }) }), both: dir() };
const DESTINATION = { a: file('old'), both: dir(), stray: dir({ s: file('s') }) };

async function makeTrees({ source, destination }: Trees): Promise<void> {
  await writeTree(source, SOURCE);
  await writeTree(destination, DESTINATION);
}

/** The part of the source that the mount shows, relative to the parent of both trees. */
const SHOWN = ['source', 'source/part', '.', 'source/part/deep'] as const;
const DELETING = [
  ['--delete'],
  ['--delete-excluded', '--exclude=/stray', '--exclude=/both'],
  ['--force', '--delete', '-n'],
];

describeWith(['root', 'tmpfs mount'], 'the source below the destination', () => {
  test.for(SHOWN)('%s, in a directory that only the destination has', async (shown, { trees }) => {
    await makeTrees(trees);
    await unmountingBelow(trees.directory, async () => {
      bind(`${trees.directory}/${shown}`, `${trees.destination}/stray`);
      const before = await snapshot(trees.source);
      for (const args of DELETING) {
        const { stderr } = await sync(trees, args, { status: 3 });
        expect(stderr).toMatch(/^efs-sync: cannot sync .*\/source to .*\/destination: below the destination/);
        expect(stderr).toContain(`${trees.destination}/stray, that shows the source ${trees.source}`);
      }
      await verify(trees, ['--delete'], { status: 3 });
      // Neither option enters the mount.
      await sync(trees, ['--delete', '-x']);
      await sync(trees, ['--delete', '--exclude=/stray']);
      expect(await snapshot(trees.source)).toEqual(before);
    });
  });

  test.for(SHOWN)('%s, in a directory that both have', async (shown, { trees }) => {
    await makeTrees(trees);
    await unmountingBelow(trees.directory, async () => {
      bind(`${trees.directory}/${shown}`, `${trees.destination}/both`);
      const before = await snapshot(trees.source);
      for (const args of [...DELETING, ['--delete', '-x'], ['--delete', '-x', '-n'], ['-x']]) {
        const { stderr } = await sync(trees, args, { status: 3 });
        expect(stderr).toContain(`${trees.destination}/both`);
      }
      await verify(trees, ['--delete', '-x'], { status: 3 });
      expect(await snapshot(trees.source)).toEqual(before);
      expect((await readTree(trees.destination)).has('stray/s')).toBe(true);
      await sync(trees, ['--delete', '--exclude=/both']);
      expect(await snapshot(trees.source)).toEqual(before);
    });
  });

  test('a file system that is mounted twice', async ({ trees }) => {
    await unmountingBelow(trees.directory, async () => {
      mountMemory(trees.source);
      await writeTree(trees.source, SOURCE);
      await writeTree(trees.destination, DESTINATION);
      bind(trees.source, `${trees.destination}/stray`);
      const before = await snapshot(trees.source);
      await sync(trees, ['--delete'], { status: 3 });
      await run([`${trees.source}/part`, trees.destination, '--delete'], { status: 3 });
      await sync(trees, ['--delete', '-x']);
      expect(await snapshot(trees.source)).toEqual(before);
    });
  });

  test('a mount that another one hides does not matter, nor does an unrelated part of the file system', async ({
    trees,
  }) => {
    await makeTrees(trees);
    mkdirSync(`${trees.directory}/apart`);
    await unmountingBelow(trees.directory, async () => {
      bind(trees.source, `${trees.destination}/both`);
      mountMemory(`${trees.destination}/both`);
      await sync(trees);
      bind(`${trees.directory}/apart`, `${trees.destination}/both`);
      await sync(trees);
    });
  });
});

describeWith(['root', 'tmpfs mount'], 'the destination below the source', () => {
  test('is refused, and left out with -x or by a filter rule', async ({ trees }) => {
    await makeTrees(trees);
    await unmountingBelow(trees.directory, async () => {
      bind(trees.destination, `${trees.source}/both`);
      for (const args of [[], ['--delete'], ['-n']]) {
        const { stderr } = await sync(trees, args, { status: 3 });
        expect(stderr).toMatch(
          /below the source .*\/both, that shows the destination .*--exclude=\/both, or .*-x$/m,
        );
      }
      await sync(trees, ['-x', '--delete']);
      await sync(trees, ['-x']);
      await sync(trees, ['--exclude=/both']);
      expect(
        [...(await readTree(trees.destination)).keys()].filter((path) => path.startsWith('both/')),
      ).toEqual([]);
    });
  });

  test('on a separate file system: -x and a filter rule allow it', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a'), mnt: dir({ backup: dir() }) });
    await unmountingBelow(trees.directory, async () => {
      const destination = `${trees.source}/mnt/backup`;
      mountMemory(destination);
      const { stderr } = await run([trees.source, destination], { status: 3 });
      expect(stderr).toMatch(
        /lies inside the source; .*--exclude=\/mnt\/backup, or skip everything mounted in the source with -x$/m,
      );
      for (const args of [
        ['-x', '--delete'],
        ['-x', '--delete'],
        ['--exclude=/mnt/backup', '--delete'],
      ]) {
        await run([trees.source, destination, ...args]);
        expect(
          [...(await readTree(destination)).keys()].filter((path) => path.split('/').length > 2),
        ).toEqual([]);
        expect((await readTree(destination)).has('a')).toBe(true);
      }
      await run(['verify', trees.source, destination, '-x', '--delete']);
    });
  });

  test('on the same file system: -x does not exclude it', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a'), in: dir({ d: dir() }), bound: dir() });
    await run([trees.source, `${trees.source}/in/d`, '-x'], { status: 3 });
    await unmountingBelow(trees.directory, async () => {
      bind(`${trees.source}/in/d`, `${trees.source}/bound`);
      await run([trees.source, `${trees.source}/bound`, '-x'], { status: 3 });
      await run([trees.source, `${trees.source}/bound`, '-x', '--exclude=/in/d']);
      expect([...(await readTree(`${trees.source}/in/d`)).keys()]).toEqual(['', 'a', 'bound', 'in']);
    });
  });

  test('the source inside the destination is allowed only by a filter rule', async ({ trees }) => {
    await writeTree(trees.destination, { mnt: dir({ usb: dir({ a: file('a') }) }), stray: file('s') });
    const source = `${trees.destination}/mnt/usb`;
    const before = await snapshot(source);
    for (const args of [['-x'], [], ['--delete-excluded', '--exclude=/mnt/usb']]) {
      await run([source, trees.destination, '--delete', ...args], { status: 3 });
    }
    await run([source, trees.destination, '--delete', '--exclude=/mnt/usb']);
    expect(await snapshot(source)).toEqual(before);
    expect([...(await readTree(trees.destination)).keys()]).toEqual(['', 'a', 'mnt', 'mnt/usb', 'mnt/usb/a']);
  });
});
