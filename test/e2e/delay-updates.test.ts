/** --delay-updates: no file of the destination changes before all are copied, and nothing hidden stays. */
import { linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectAsRsync, OLD } from '../support/as-rsync.ts';
import { expectNothingToDo, syncForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { runCli } from '../support/run-cli.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink, type NamedNode, type Tree } from '../support/tree.ts';

const LARGE_BYTES = 70 * 1024 * 1024;
const SOURCE: Tree = {
  a: file('new', OLD),
  link: symlink('a', OLD),
  old: dir({ changed: file('changed', OLD), same: file('same', OLD), kind: file('now a file', OLD) }, OLD),
  new: dir(
    { b: file('b', { ...OLD, mode: 0o4755 }), B: file('twin', OLD), deeper: dir({ c: file('', OLD) }, OLD) },
    OLD,
  ),
};
const DESTINATION: Tree = {
  a: file('before', { mtimeNs: 5n }),
  extra: file('extra', OLD),
  old: dir({ changed: file('old', { mtimeNs: 5n }), same: file('same', OLD), kind: symlink('x', OLD) }, OLD),
};

/** Files that are there already, which takes seconds. */
const SLOWLY = ['--delay-updates', '--bwlimit=256'];
const CONTENT = 'x'.repeat(20_000);
const FEW = Array.from({ length: 30 }, (_, index): NamedNode => [`f${index}`, file(`${CONTENT}${index}`)]);
/** So many wait in the middle of the run. */
const SOME = 5;

async function writeSlowTrees(trees: Trees): Promise<void> {
  await writeTree(trees.source, { d: dir(FEW) });
  const before = FEW.map(([name]): NamedNode => [name, file('before')]);
  await writeTree(trees.destination, { d: dir(before) });
}

function waiting({ destination }: Trees): string[] {
  return readdirSync(destination, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.includes('.efs-sync-'),
  );
}

function oldFiles({ destination }: Trees): number {
  return FEW.filter(([name]) => readFileSync(join(destination, 'd', name), 'utf8') === 'before').length;
}

/** Signals once some files wait for their names. */
async function endedBy(trees: Trees, signal: NodeJS.Signals): Promise<number | null> {
  const { status } = await runCli([trees.source, trees.destination, ...SLOWLY], {
    onStart: (child) => {
      const timer = setInterval(() => {
        if (waiting(trees).length < SOME) return;
        clearInterval(timer);
        child.kill(signal);
      }, 5);
      child.on('exit', () => clearInterval(timer));
    },
  });
  return status;
}

describeWith(['rsync'], 'as rsync', () => {
  test.for<[string[]]>([
    [[]],
    [['--delete']],
    [['-H', '--delete-after']],
    [['-c', '--existing']],
    [['--partial', '--fsync']],
    [['-u', '-S', '--no-perms']],
  ])('%j', async ([more], { trees }) => {
    await expectAsRsync(trees, ['--delay-updates', ...more], { source: SOURCE, destination: DESTINATION });
    expect(waiting(trees)).toEqual([]);
  });
});

test('no file changes before all are copied', async ({ trees }) => {
  await writeSlowTrees(trees);
  const seen: { waiting: number; replaced: number }[] = [];
  await sync(trees, SLOWLY, {
    onStart: (child) => {
      const timer = setInterval(() => {
        seen.push({ waiting: waiting(trees).length, replaced: FEW.length - oldFiles(trees) });
      }, 20);
      child.on('exit', () => clearInterval(timer));
    },
  });
  expect(seen.filter((each) => each.waiting >= SOME && each.replaced === 0).length).toBeGreaterThan(3);
  const early = seen.filter((each) => each.replaced > 0 && each.waiting + each.replaced < FEW.length);
  expect(early).toEqual([]);
  await expectSame(trees);
  await expectNothingToDo(trees, ['--delay-updates', '--delete']);
});

test('an interrupted run changes no file, and removes those that waited', async ({ trees }) => {
  await writeSlowTrees(trees);
  expect(await endedBy(trees, 'SIGINT')).toBe(20);
  expect(oldFiles(trees)).toBe(FEW.length);
  expect(waiting(trees)).toEqual([]);
  await sync(trees, ['--delay-updates']);
  await expectSame(trees);
});

test.for([['--delay-updates'], []])('a killed run changes no file; then with %j', async (args, { trees }) => {
  await writeSlowTrees(trees);
  expect(await endedBy(trees, 'SIGKILL')).toBe(null);
  expect(oldFiles(trees)).toBe(FEW.length);
  expect(waiting(trees)).not.toEqual([]);
  await sync(trees, args);
  await expectSame(trees);
});

test('hard links, a large file, and -T', async ({ trees }) => {
  await writeTree(trees.source, { ...SOURCE, large: file(Buffer.alloc(LARGE_BYTES, 'x'), OLD) });
  linkSync(join(trees.source, 'a'), join(trees.source, 'old/also-a'));
  linkSync(join(trees.source, 'new/b'), join(trees.source, 'also-b'));
  await writeTree(trees.destination, { ...DESTINATION, tmp: dir({}) });
  await sync(trees, ['--delay-updates', '--temp-dir=tmp', '-H', '--delete']);
  await expectSame(trees);
  await expectNothingToDo(trees, ['--delay-updates', '-H', '--delete']);
});

test('what cannot get its name is told, and the others get theirs', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a'), b: file('b') });
  await writeTree(trees.destination, { a: dir({ kept: file('k') }) });
  const report = await syncForReport(trees, ['--delay-updates', '--no-verify'], { status: 23 });
  expect(report.problems).toMatchObject([{ path: 'a' }]);
  expect(readdirSync(trees.destination).toSorted()).toEqual(['a', 'b']);
  const { stderr } = await sync(trees, ['--delay-updates'], { status: 23 });
  expect(stderr).toMatch(/a directory that is not empty is in the way; use --delete or --force/);
});

test('what a killed run left in other directories goes as well', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a'), d: dir({ b: file('b') }) });
  await writeTree(trees.destination, { a: file('old') });
  writeFileSync(join(trees.destination, `.efs-sync-${'0'.repeat(32)}.tmp`), 'of a killed run');
  await sync(trees, ['--delay-updates']);
  await expectSame(trees);
});

test('a single file, under a new name', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a', OLD) });
  writeFileSync(join(trees.destination, 'b'), 'before');
  const paths = [join(trees.source, 'a'), join(trees.destination, 'b')];
  const { status } = await runCli([...paths, '--delay-updates']);
  expect([status, readdirSync(trees.destination)]).toEqual([0, ['b']]);
  expect(readFileSync(join(trees.destination, 'b'), 'utf8')).toBe('a');
});

test('it contradicts --inplace', async ({ trees }) => {
  const { stderr } = await sync(trees, ['--delay-updates', '--inplace'], { status: 1 });
  expect(stderr).toContain('--inplace writes into existing files at once');
});
