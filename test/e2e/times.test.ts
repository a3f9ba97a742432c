/** Modification times are copied to the nanosecond, in any century. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectNothingToDo, reportIn, syncForReport } from '../support/json-report.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, symlink } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

const SECOND = 1_000_000_000n;

function allKinds(name: string, mtimeNs: bigint): NamedNode[] {
  return [
    [`${name}-file`, file(name, { mtimeNs })],
    [`${name}-directory`, dir({ below: file('x', { mtimeNs }) }, { mtimeNs })],
    [`${name}-symlink`, symlink('nowhere', { mtimeNs })],
  ];
}

async function expectTimesKept(trees: Trees, times: Readonly<Record<string, bigint>>): Promise<void> {
  const nodes = Object.entries(times).flatMap(([name, mtimeNs]) => allKinds(name, mtimeNs));
  await writeTree(trees.source, nodes, { mtimeNs: 987_654_321_123_456_789n });
  await sync(trees);
  await expectSame(trees);
  await expectNothingToDo(trees);
}

test('nanoseconds that a double cannot hold', async ({ trees }) => {
  await expectTimesKept(trees, {
    odd: 1_700_000_000_123_456_789n,
    last: 1_700_000_000_999_999_999n,
    first: 1_700_000_000_000_000_001n,
    whole: 1_700_000_000n * SECOND,
  });
});

const OLD = { mtimeNs: SECOND };

test.for([
  ['-O', ['', 'd', 'd/sub'], ['directoryTimes']],
  ['-J', ['d/link'], ['linkTimes']],
  ['-OJ', ['', 'd', 'd/sub', 'd/link'], ['directoryTimes', 'linkTimes']],
] as const)('%s leaves some times as they come', async ([option, omitted, uncompared], { trees }) => {
  const sub = dir({ below: file('x', OLD) }, OLD);
  await writeTree(trees.source, { d: dir({ sub, link: symlink('x', OLD), pipe: fifo(OLD) }, OLD) }, OLD);
  const beganNs = BigInt(Date.now() - 100) * 1_000_000n;
  const { coverage } = await syncForReport(trees, ['-D', option]);
  expect(coverage).toMatchObject({
    scope: 'asked for',
    uncompared: [...uncompared, 'atime', 'xattr', 'acl'],
  });
  const found = await readTree(trees.destination);
  const ofNow = [...found].filter(([, { mtimeNs }]) => BigInt(mtimeNs) > beganNs).map(([path]) => path);
  expect(new Set(ofNow)).toEqual(new Set(omitted));
  await expectNothingToDo(trees, ['-D', option]);
  await verify(trees, ['-D', option]);
  await verify(trees, ['-D'], { status: 40 });
});

test('before 1970', async ({ trees }) => {
  await expectTimesKept(trees, {
    epoch: 0n,
    justBefore: -1n,
    secondBefore: -SECOND,
    halfBefore: -SECOND / 2n,
    1901: -2_147_483_648n * SECOND,
  });
});

test('after 2038 and after 2106', async ({ trees }) => {
  await expectTimesKept(trees, {
    2038: 2_147_483_648n * SECOND + 1n,
    2106: 4_294_967_296n * SECOND + 7n,
    2400: 13_569_465_600n * SECOND + 999_999_999n,
  });
});

describeWith(['memory file system'], 'on a file system with 64-bit times', () => {
  test('far past and far future', async ({ memoryTrees }) => {
    await expectTimesKept(memoryTrees, {
      1700: -8_520_336_000n * SECOND + 1n,
      1200: -9_000_000_000n * SECOND + 123_456_789n,
      2250: 9_000_000_000n * SECOND + 123_456_789n,
    });
  });

  test('seconds that a double cannot hold, to the ends of 64 bits', async ({ memoryTrees }) => {
    await expectTimesKept(memoryTrees, {
      odd: (2n ** 53n + 1n) * SECOND,
      oddBefore1970: -(2n ** 53n + 3n) * SECOND + 250_000_000n,
      odder: (2n ** 62n + 2047n) * SECOND + 999_999_999n,
      first: -(2n ** 63n) * SECOND,
      last: (2n ** 63n - 1n) * SECOND + 999_999_999n,
    });
  });

  test('two such seconds that round to the same double differ', async ({ memoryTrees }) => {
    await writeTree(memoryTrees.source, { f: file('x', { mtimeNs: (2n ** 53n + 1n) * SECOND }) });
    await writeTree(memoryTrees.destination, { f: file('x', { mtimeNs: 2n ** 53n * SECOND }) });
    const { stdout } = await verify(memoryTrees, ['--json'], { status: 40 });
    expect(reportIn(stdout).verdicts.find(({ path }) => path === 'f')?.detail).toContain(
      '9007199254740993.000000000 at the source, 9007199254740992.000000000 at the destination',
    );
    await sync(memoryTrees);
    await expectSame(memoryTrees);
  });

  test('--atimes, --update and the manifest tell them apart as well', async ({ memoryTrees }) => {
    const { source, destination, directory } = memoryTrees;
    const mtimeNs = (2n ** 62n + 1n) * SECOND;
    await writeTree(source, { newer: file('source', { mtimeNs }), older: file('source', { mtimeNs }) });
    await writeTree(destination, {
      newer: file('destination', { mtimeNs: mtimeNs + SECOND }),
      older: file('destination', { mtimeNs: mtimeNs - 1n }),
    });
    execFileSync('touch', ['-a', '-d', '@9007199254740993.5', join(source, 'older')]);
    const manifest = join(directory, 'manifest');
    await sync(memoryTrees, ['--update', '--atimes', `--manifest=${manifest}`]);
    // stat must come before anything that reads the file.
    const atime = execFileSync('stat', ['-c', '%.9X', join(destination, 'older')], { encoding: 'latin1' });
    expect(atime).toBe('9007199254740993.500000000\n');
    expect(readFileSync(join(destination, 'newer'), 'latin1')).toBe('destination');
    expect(readFileSync(join(destination, 'older'), 'latin1')).toBe('source');
    expect(readFileSync(manifest, 'latin1')).toContain(
      `"path":"older","type":"file","size":6,"mtimeNs":"${mtimeNs}"`,
    );
  });
});

test('a directory keeps its time although its content is created later', async ({ trees }) => {
  const old = { mtimeNs: 1_000_000_001n };
  await writeTree(
    trees.source,
    { a: dir({ b: dir({ c: file('x'), d: hardLink('a/b/c') }, old) }, old) },
    old,
  );
  await sync(trees);
  await expectSame(trees);
  await writeTree(trees.source, { a: dir({ b: dir({ late: file('y') }, old) }, old) }, old);
  await writeTree(trees.destination, { a: dir({ b: dir({ stray: file('y') }) }) });
  await sync(trees, ['--delete']);
  await expectSame(trees);
});

test('times of special files', async ({ trees }) => {
  await writeTree(trees.source, { pipe: fifo({ mtimeNs: 1_234_567_890_123_456_789n }) });
  await sync(trees, ['--preserve=owner,mode,mtime,specials']);
  await expectSame(trees);
});

test('access times by --preserve=atime', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x', { atimeNs: 5_000_000_001n, mtimeNs: 6_000_000_001n }) });
  await sync(trees, ['--preserve=owner,mode,mtime,atime', '--verify=none']);
  expect((await readTree(trees.destination)).get('a')).toMatchObject({
    atimeNs: '5000000001',
    mtimeNs: '6000000001',
  });
});
