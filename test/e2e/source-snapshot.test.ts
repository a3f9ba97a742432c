/** `--source-snapshot` reads a snapshot of the source, and every guard holds as for the source itself. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { jsonEvents, reportIn } from '../support/json-report.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file, type Tree } from '../support/tree.ts';

async function writeSnapshots(root: string, snapshots: Tree): Promise<void> {
  await writeTree(root, { live: file('changes all the time'), '.snapshot': dir(snapshots) });
}

const BOTH: Tree = { old: dir({ f: file('old') }), new: dir({ f: file('new') }) };

/** Makes `name` the snapshot that was accessed last. */
function makeLatest({ source }: Trees, name: string): void {
  utimesSync(join(source, '.snapshot', name), new Date(Date.now() + 1000), new Date(1_600_000_000_000));
}

describe('a snapshot', () => {
  test.for(['.snapshot', '.zfs/snapshot'])('by its name, in %s', async (place, { trees }) => {
    const snapshot = join(trees.source, place, 'nightly');
    mkdirSync(snapshot, { recursive: true });
    await writeTree(snapshot, { f: file('x'), d: dir({ g: file('y') }) });
    const { stdout } = await sync(trees, ['--source-snapshot=nightly']);
    expect(await compareTrees(snapshot, trees.destination)).toEqual([]);
    expect(stdout).toContain(`${snapshot} -> ${trees.destination}\n`);
    await verify(trees, ['--source-snapshot=nightly']);
  });

  test.for(['old', 'new'])('the latest, which is “%s”', async (name, { trees }) => {
    await writeSnapshots(trees.source, BOTH);
    makeLatest(trees, name);
    const { stdout } = await sync(trees, ['--source-snapshot=latest', '--json']);
    const snapshot = join(trees.source, '.snapshot', name);
    expect(await compareTrees(snapshot, trees.destination)).toEqual([]);
    expect(jsonEvents(stdout).find(({ event }) => event === 'start')).toMatchObject({ source: snapshot });
    expect(reportIn(stdout)).toMatchObject({ source: snapshot });
  });

  test('preflight looks at it', async ({ trees }) => {
    await writeSnapshots(trees.source, BOTH);
    const args = ['preflight', trees.source, trees.destination, '--source-snapshot=old'];
    const { stdout } = await run(args);
    expect(stdout).toContain(`[OK]      source: snapshot: ${join(trees.source, '.snapshot/old')}\n`);
  });
});

describe('is refused', () => {
  test('if there are none', async ({ trees }) => {
    const { output } = await sync(trees, ['--source-snapshot=latest'], { status: 3 });
    expect(output).toContain('there is no .snapshot or .zfs/snapshot');
  });

  test('if it does not exist', async ({ trees }) => {
    await writeSnapshots(trees.source, BOTH);
    const { output } = await sync(trees, ['--source-snapshot=none'], { status: 3 });
    expect(output).toContain('No such file or directory');
  });

  test.for(['', '..', 'a/b'])('for the name “%s”', async (name, { trees }) => {
    await sync(trees, [`--source-snapshot=${name}`], { status: 1 });
  });

  test('into the source itself, or a directory in it', async ({ trees }) => {
    const { source } = trees;
    await writeSnapshots(source, BOTH);
    mkdirSync(join(source, 'd'));
    for (const destination of [source, join(source, 'd')]) {
      const { output } = await sync({ ...trees, destination }, ['--source-snapshot=old'], { status: 3 });
      expect(output).toContain('cannot sync');
    }
  });

  test('if it is empty and would empty the destination', async ({ trees }) => {
    await writeSnapshots(trees.source, { empty: dir() });
    await writeTree(trees.destination, { f: file('x') });
    const { output } = await sync(trees, ['--source-snapshot=empty', '--delete'], { status: 3 });
    expect(output).toContain('is empty');
  });
});

describeWith(['root', 'tmpfs mount'], 'as a separate file system', () => {
  test('is the source’s file system, and -x stays within it', async ({ trees }) => {
    const snapshot = join(trees.source, '.snapshot/s');
    mkdirSync(snapshot, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', snapshot]);
    try {
      await writeTree(snapshot, { f: file('x'), d: dir({ g: file('y') }) });
      await sync(trees, ['--source-snapshot=s', '-x', '--delete']);
      expect(await compareTrees(snapshot, trees.destination)).toEqual([]);
    } finally {
      execFileSync('umount', [snapshot]);
    }
  });

  test('for a directory below the mount point', async ({ trees }) => {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', trees.source]);
    try {
      await writeTree(trees.source, {
        below: dir({ live: file('x') }),
        '.snapshot': dir({ s: dir({ below: dir({ f: file('y') }), other: file('z') }) }),
      });
      const below = { ...trees, source: join(trees.source, 'below') };
      await sync(below, ['--source-snapshot=s']);
      const snapshot = join(trees.source, '.snapshot/s/below');
      expect(await compareTrees(snapshot, trees.destination)).toEqual([]);
    } finally {
      execFileSync('umount', [trees.source]);
    }
  });

  test('--require-mount checks the source', async ({ trees }) => {
    await writeSnapshots(trees.source, BOTH);
    await sync(trees, ['--source-snapshot=old', '--require-mount'], { status: 3 });
    for (const root of [trees.source, trees.destination])
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', root]);
    try {
      await writeSnapshots(trees.source, BOTH);
      await sync(trees, ['--source-snapshot=old', '--require-mount']);
      expect(await compareTrees(join(trees.source, '.snapshot/old'), trees.destination)).toEqual([]);
    } finally {
      for (const root of [trees.source, trees.destination]) execFileSync('umount', [root]);
    }
  });
});
