/** Mounts below the roots: deletion never enters them, and -x leaves bind mounts out, too. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { bind, mountMemory, unmountingBelow, withForeignFuse } from '../support/mounts.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, snapshot, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

/** Creates a tree elsewhere that is mounted below the destination. */
async function makeOther({ directory }: Trees): Promise<string> {
  const other = `${directory}/other`;
  await writeTree(directory, { other: dir({ kept: file('kept'), below: dir({ kept: file('kept') }) }) });
  return other;
}

const MOUNTS: readonly [string, (other: string, where: string) => void][] = [
  ['a bind mount', bind],
  [
    'another file system',
    (_, where) => {
      mountMemory(where);
      writeFileSync(`${where}/kept`, 'kept');
    },
  ],
];

describeWith(['root', 'tmpfs mount'], 'deletion', () => {
  test.for(MOUNTS)('leaves mounts alone that only the destination has: %s', async ([, mount], { trees }) => {
    const other = await makeOther(trees);
    await writeTree(trees.source, { a: file('a') });
    await writeTree(trees.destination, { e: dir({ gone: file(), m: dir() }), m: dir() });
    await unmountingBelow(trees.directory, async () => {
      mount(other, `${trees.destination}/m`);
      mount(other, `${trees.destination}/e/m`);
      const before = await Promise.all(['m', 'e/m'].map((path) => snapshot(`${trees.destination}/${path}`)));
      await sync(trees, ['--delete', '-x']);
      await verify(trees, ['--delete', '-x']);
      await writeTree(trees.destination, { e: dir({ gone: file() }) });
      for (const args of [['--delete'], ['--delete', '-n'], ['--delete-excluded', '--exclude=m']]) {
        const { stderr } = await sync(trees, args, { status: 23 });
        expect(stderr).toMatch(/cannot delete the directory \S*\/destination\/m: it is a mount point$/m);
        expect(stderr).toMatch(/cannot delete the directory \S*\/destination\/e\/m: it is a mount point$/m);
      }
      const { stdout } = await verify(trees, ['--delete'], { status: 40 });
      expect(stdout).toMatch(/extraneous: m: /);
      expect((await readTree(trees.destination)).has('e/gone')).toBe(false);
      const after = await Promise.all(['m', 'e/m'].map((path) => snapshot(`${trees.destination}/${path}`)));
      expect(after).toEqual(before);
    });
  });

  test.for(MOUNTS)('to replace an entry by another kind: %s', async ([, mount], { trees }) => {
    const other = await makeOther(trees);
    await writeTree(trees.source, { e: file('file'), m: file('file') });
    await writeTree(trees.destination, { e: dir({ m: dir() }), m: dir() });
    await unmountingBelow(trees.directory, async () => {
      mount(other, `${trees.destination}/m`);
      mount(other, `${trees.destination}/e/m`);
      for (const args of [['--delete'], ['--force'], ['--force', '-x'], ['--delete', '-x'], []]) {
        const { stderr } = await sync(trees, args, { status: 23 });
        expect(stderr).toMatch(
          /cannot copy \S*\/m: a (mount point|directory that is not empty) is in the way/,
        );
        expect(stderr).toMatch(/cannot copy \S*\/e: a directory that is not empty is in the way/);
      }
      for (const path of ['m', 'e/m']) {
        expect(readFileSync(`${trees.destination}/${path}/kept`, 'utf8')).toBe('kept');
      }
    });
  });

  test('of a file that is a mount point: reported once, not retried', async ({ trees }) => {
    await writeTree(trees.directory, { other: file('kept') });
    await writeTree(trees.source, { both: file('longer than it was'), becomes: dir() });
    await writeTree(trees.destination, { both: file(), stray: file(), becomes: file() });
    await unmountingBelow(trees.directory, async () => {
      for (const name of ['both', 'stray', 'becomes']) {
        bind(`${trees.directory}/other`, `${trees.destination}/${name}`);
      }
      const { stderr, stdout } = await sync(trees, ['--delete', '--json'], { status: 23 });
      const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { tally: { retries: number } };
      expect(report.tally.retries).toBe(0);
      expect(stderr).toBe('');
      const human = await sync(trees, ['--delete'], { status: 23 });
      expect(human.stderr).toMatch(/cannot delete \S*\/stray: it is a mount point/);
      expect(human.stderr).toMatch(/cannot copy \S*\/both: a mount point is in the way; --inplace writes/);
      expect(human.stderr).toMatch(/cannot make the directory \S*\/becomes: it is a mount point/);
      expect(readFileSync(`${trees.directory}/other`, 'utf8')).toBe('kept');
      await sync(trees, ['--inplace', '--exclude=becomes']);
      expect(readFileSync(`${trees.directory}/other`, 'utf8')).toBe('longer than it was');
      await sync(trees, ['--delete', '-x', '--exclude=becomes']);
      await verify(trees, ['--delete', '-x', '--exclude=becomes']);
      await verify(trees, ['--delete', '--exclude=becomes'], { status: 40 });
    });
  });
});

describeWith(['root', 'tmpfs mount'], '-x and a bind mount of the same file system', () => {
  test('is left out of the source, and stays an empty directory', async ({ trees }) => {
    const other = await makeOther(trees);
    await writeTree(trees.source, { a: file('a'), m: dir() });
    await unmountingBelow(trees.directory, async () => {
      bind(other, `${trees.source}/m`);
      await sync(trees, ['-x', '--delete']);
      expect([...(await readTree(trees.destination)).keys()]).toEqual(['', 'a', 'm']);
      await verify(trees, ['-x', '--delete']);
      const { stdout } = await run(['preflight', trees.source, trees.destination], { status: 0 });
      expect(stdout).toMatch(/WARNING.* source: mounts below: m$/m);
    });
  });

  test('is written at the destination if both sides have it, and nothing in it is deleted', async ({
    trees,
  }) => {
    const other = await makeOther(trees);
    await writeTree(trees.source, { m: dir({ new: file('new'), below: dir() }) });
    await writeTree(trees.destination, { m: dir() });
    await unmountingBelow(trees.directory, async () => {
      bind(other, `${trees.destination}/m`);
      await sync(trees, ['-x', '--delete']);
      await verify(trees, ['-x', '--delete']);
      expect([...(await readTree(other)).keys()]).toEqual(['', 'below', 'below/kept', 'kept', 'new']);
    });
  });
});

describeWith(['root', 'tmpfs mount'], 'a file system that another user mounted', () => {
  test.for(['source', 'destination'] as const)('at the %s', async (side, { trees }) => {
    await writeTree(trees.source, { a: file('a'), m: dir() });
    await writeTree(trees.destination, { m: dir() });
    await withForeignFuse(`${trees[side]}/m`, async () => {
      const { stderr } = await sync(trees, ['--delete'], { status: 23 });
      expect(stderr.match(/mounted by another user \(FUSE\)/g)).toHaveLength(1);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      const verified = await verify(trees, [], { status: 23 });
      expect(verified.output).toMatch(/read error: m: .*mounted by another user \(FUSE\)/);
      await sync(trees, ['--delete', '-x']);
      await verify(trees, ['--delete', '-x']);
    });
  });
});
