/**
 * Names missing from an incomplete listing may still exist: nothing is deleted because of it, and nothing is
 * proven.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { tracedEnvironment, CLI } from '../support/run-cli.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

interface Printed {
  readonly status: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Injects `fault`, in the form of strace's `--inject=`, into calls on `path`. */
function runWith(path: string, fault: string, command: readonly string[]): Printed {
  const tracing = ['-f', '-qq', '-o', '/dev/null', '-P', path, '-e', `inject=${fault}`];
  // strace counts calls per thread, so use a pool of one.
  const env = { ...tracedEnvironment(), UV_THREADPOOL_SIZE: '1' };
  return spawnSync('strace', [...tracing, process.execPath, CLI, ...command], { env, encoding: 'utf8' });
}

function syncWith(trees: Trees, path: string, fault: string): Omit<Printed, 'stdout'> {
  const { status, stderr } = runWith(path, fault, ['--delete', trees.source, trees.destination]);
  return { status, stderr };
}

async function makeTrees({ source, destination }: Trees): Promise<void> {
  const kept = { kept: file('x') };
  await writeTree(source, {
    d: dir({ ...kept, sub: dir({ ...kept, deep: dir(kept) }) }),
    e: dir(kept),
    ...kept,
  });
  const strays = { stray: file(), strays: dir({ stray: file() }) };
  await writeTree(destination, {
    d: dir({ ...strays, sub: dir({ ...strays, deep: dir(strays) }) }),
    e: dir(strays),
    ...strays,
  });
}

async function findStrays({ destination }: Trees): Promise<string[]> {
  return [...(await readTree(destination)).keys()].filter((path) => path.endsWith('stray'));
}

const BELOW_D = ['d', 'd/sub', 'd/sub/deep']
  .flatMap((path) => [`${path}/stray`, `${path}/strays/stray`])
  .toSorted();

describeWith(['strace'], 'a listing of the source that ends early', () => {
  // The first call returns all names; the second returns the end.
  test.for([1, 2])('at call %d, of a directory', async (call, { trees }) => {
    await makeTrees(trees);
    const { status, stderr } = syncWith(trees, join(trees.source, 'd'), `getdents64:error=EIO:when=${call}`);
    expect({ status, stderr }).toEqual({
      status: 23,
      stderr: expect.stringMatching(/cannot list .*\/d: /) as string,
    });
    expect((await findStrays(trees)).toSorted()).toEqual(BELOW_D);
    await sync(trees, ['--delete']);
    await expectSame(trees);
  });

  test.for([1, 2])('at call %d, of the source itself', async (call, { trees }) => {
    await makeTrees(trees);
    const before = await findStrays(trees);
    const { status } = syncWith(trees, trees.source, `getdents64:error=EIO:when=${call}`);
    expect(status).toBe(23);
    expect(await findStrays(trees)).toEqual(before);
  });
});

describeWith(['strace'], 'a directory that disappears before it is listed', () => {
  test('keeps its copy, until a run that does not find it', async ({ trees }) => {
    await makeTrees(trees);
    const { status, stderr } = syncWith(trees, 'd', 'openat2:error=ENOENT:when=1');
    expect({ status, stderr }).toEqual({
      status: 24,
      stderr: expect.stringMatching(/vanished: .*\/d: /) as string,
    });
    expect((await findStrays(trees)).toSorted()).toEqual(BELOW_D);
    await sync(trees, ['--delete']);
    await expectSame(trees);
  });
});

const SAME_TIME = { mtimeNs: 1_700_000_000_000_000_000n };

function verdictsIn(stdout: string): string[] {
  return reportIn(stdout)
    .verdicts.map((verdict) => `${verdict.class}: ${verdict.path}`)
    .toSorted();
}

describeWith(['strace'], 'a listing of the destination that ends early', () => {
  // The first call returns all names; the second returns the end.
  test.for([
    [1, '--recursive'],
    [1, '--existing'],
    [2, '--recursive'],
  ] as const)(
    'at call %d, %s: missing names are looked up, and not written again',
    async ([call, option], { trees }) => {
      const sub = dir({ g: file('same', SAME_TIME) }, SAME_TIME);
      const tree = { d: dir({ f: file('same', SAME_TIME), sub }, SAME_TIME) };
      await writeTree(trees.source, tree, SAME_TIME);
      await writeTree(trees.destination, tree, SAME_TIME);
      const inodes = async (): Promise<object[]> =>
        [...(await readTree(trees.destination))].map(([path, { inode }]) => ({ path, inode }));
      const before = await inodes();
      const fault = `getdents64:error=EIO:when=${call}`;
      const roots = [trees.source, trees.destination];
      const command = [option, '--itemize-changes', ...roots];
      const { status, stdout } = runWith(join(trees.destination, 'd'), fault, command);
      expect({ status, changes: stdout.match(/^[<>c.*].{9} .*$/gm) }).toEqual({ status: 23, changes: null });
      expect(await inodes()).toEqual(before);
    },
  );
});

describeWith(['strace'], 'verify', () => {
  test('reports nothing as extraneous below a source directory that it could not list', async ({ trees }) => {
    await makeTrees(trees);
    const command = ['verify', '--delete', '--json', trees.source, trees.destination];
    const { stdout } = runWith(join(trees.source, 'd'), 'getdents64:error=EIO:when=2', command);
    const extraneous = verdictsIn(stdout).filter((verdict) => verdict.startsWith('extraneous'));
    expect(extraneous).toEqual(
      ['e/stray', 'e/strays', 'stray', 'strays'].map((path) => `extraneous: ${path}`),
    );
  });

  const [f, g, unread] = ['content mismatch: d/f', 'content mismatch: d/sub/g', 'read error: d'];
  const stray = 'extraneous: d/stray';
  // The first call returns all names; the second returns the end.
  test.for([
    ['source', 1, { status: 23, verdicts: [unread] }],
    ['source', 2, { status: 40, verdicts: [f, g, unread] }],
    ['destination', 1, { status: 40, verdicts: [f, g, unread] }],
    ['destination', 2, { status: 40, verdicts: [f, g, stray, unread] }],
  ] as const)('proves nothing from a failed listing: %s, call %d', async ([side, call, told], { trees }) => {
    const below = (text: string) => ({
      f: file(text, SAME_TIME),
      sub: dir({ g: file(text, SAME_TIME) }, SAME_TIME),
    });
    await writeTree(trees.source, { d: dir(below('right'), SAME_TIME) }, SAME_TIME);
    await writeTree(
      trees.destination,
      { d: dir({ ...below('wrong'), stray: file() }, SAME_TIME) },
      SAME_TIME,
    );
    const command = ['verify', '--delete', '--json', trees.source, trees.destination];
    const fault = `getdents64:error=EIO:when=${call}`;
    const { status, stdout } = runWith(join(trees[side], 'd'), fault, command);
    expect({ status, verdicts: verdictsIn(stdout) }).toEqual(told);
    const { stdout: whole } = await verify(trees, command.slice(1, 3), { status: 40 });
    expect(verdictsIn(whole)).toEqual([f, g, stray]);
  });
});
