/** What an incomplete listing of the source did not show may still be there: nothing below is deleted for it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { tracedEnvironment, CLI } from '../support/run-cli.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

/** `fault` is of the calls on `path`: after strace's `--inject=`. */
function syncWith(trees: Trees, path: string, fault: string): { status: number | null; stderr: string } {
  const tracing = ['-f', '-qq', '-o', '/dev/null', '-P', path, '-e', `inject=${fault}`];
  const args = [...tracing, process.execPath, CLI, '--delete', trees.source, trees.destination];
  // strace counts the calls of each thread: one is to make them all.
  const env = { ...tracedEnvironment(), UV_THREADPOOL_SIZE: '1' };
  const { status, stderr } = spawnSync('strace', args, { env, encoding: 'utf8' });
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
  // The first call gives all names, the second would say that there are no more.
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

describeWith(['strace'], 'a directory that is gone when it is to be listed', () => {
  test('keeps what the destination has of it, until a run that does not find it', async ({ trees }) => {
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
