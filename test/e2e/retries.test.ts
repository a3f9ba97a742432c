/** In every phase a transient failure is retried, and leaves no trace in the copy or in the counts. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn, type JsonReport } from '../support/json-report.ts';
import { withLatfs, type Latfs } from '../support/latfs.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { resetTrees, run, test, type Trees } from '../support/scenario.ts';
import { dir, file, hardLink, symlink, type NamedNode } from '../support/tree.ts';

interface Mounted {
  readonly source: Latfs;
  readonly destination: Latfs;
}

const EARLIER = { mtimeNs: 1_000_000_000_000_000_000n };

/** Trees with entries to create, replace, adjust, link and delete. */
async function writeDifferentTrees(trees: Trees): Promise<void> {
  resetTrees(trees);
  await writeTree(trees.source, {
    new: dir({ a: file('new a'), link: symlink('a'), deep: dir({ b: file('b') }) }),
    old: dir({ changed: file('after'), adjusted: file('same', { mode: 0o600, ...EARLIER }) }),
    one: file('linked'),
    big: file('x'.repeat(4_000_000)),
    two: hardLink('one'),
  });
  await writeTree(
    trees.destination,
    {
      old: dir({ changed: file('before it'), adjusted: file('same', EARLIER) }, EARLIER),
      extra: dir({ deep: dir({ x: file('x') }) }),
    },
    EARLIER,
  );
}

async function onMounts<T>(trees: Trees, use: (mounted: Mounted) => Promise<T>): Promise<T> {
  const mountOf = (side: 'source' | 'destination') => ({
    backing: trees[side],
    mountPoint: join(trees.directory, `mounted-${side}`),
  });
  return withLatfs(mountOf('source'), [], (source) =>
    withLatfs(mountOf('destination'), [], (destination) => use({ source, destination })),
  );
}

async function runOn(
  { source, destination }: Mounted,
  args: readonly string[],
  status = 0,
): Promise<JsonReport> {
  const [command, options] = args[0] === 'verify' ? [['verify'], args.slice(1)] : [[], args];
  const all = [...command, source.mountPoint, destination.mountPoint, ...options, '--json'];
  return reportIn((await run(all, { status })).stdout);
}

function faultsOf({ source, destination }: Mounted): number {
  const all = [source, destination].flatMap((latfs) => Object.values(latfs.stats().ops));
  return all.reduce((total, { faults }) => total + faults, 0);
}

/** A fault may change only the counts of retries and of written bytes. */
function countsIn({ tally }: JsonReport): Record<string, number> {
  return { ...tally, retries: 0, bytesWritten: 0 };
}

interface Fault {
  readonly side: 'source' | 'destination';
  readonly operation: string;
  /** A glob from the root of the mount. Retries cannot be counted yet while the root itself is opened. */
  readonly path: string;
  readonly errno: string;
  readonly count: number;
  /** Further words of the latfs rule. */
  readonly more: readonly string[];
}

/** The kernel retries stale handles and failed readahead by itself, so those need a higher count. */
function fault(side: Fault['side'], call: string, errno: string, count = 2): Fault {
  const [operation = '', path = '', ...more] = call.split(' ');
  return { side, operation, path, errno, count, more };
}

const WHILE_SYNCING = [
  fault('source', 'opendir /new', 'EIO'),
  fault('source', 'opendir /new', 'ESTALE', 4),
  fault('source', 'readdir /new', 'ETIMEDOUT'),
  fault('source', 'lookup /new', 'ETIMEDOUT'),
  fault('source', 'readlink /new/link', 'EIO'),
  fault('source', 'open /new/a', 'ESTALE', 4),
  fault('source', 'read /new/a', 'EIO', 4),
  fault('destination', 'opendir /old', 'ESTALE', 4),
  fault('destination', 'readdir /extra/deep', 'EIO'),
  fault('destination', 'lookup /old', 'EBUSY'),
  fault('destination', 'mkdir /new', 'ETIMEDOUT'),
  fault('destination', 'create /new/*', 'EIO'),
  fault('destination', 'create /old/*', 'EIO'),
  // The kernel repeats the first write of each of two files, which no counter shows.
  fault('destination', 'write /new/*', 'EIO', 3),
  fault('destination', 'flush /new/*', 'EIO', 1),
  fault('destination', 'chmod /old/adjusted', 'EIO'),
  fault('destination', 'utimens /new', 'ETIMEDOUT'),
  fault('destination', 'rename /old/*', 'EBUSY'),
  fault('destination', 'symlink /new/link', 'EIO'),
  fault('destination', 'link /two', 'ETIMEDOUT'),
  fault('destination', 'unlink /extra/deep/x', 'EBUSY'),
  fault('destination', 'rmdir /extra/deep', 'EBUSY'),
];

const WHILE_VERIFYING = [
  fault('source', 'opendir /new', 'ESTALE', 4),
  fault('source', 'readdir /new', 'EIO'),
  fault('source', 'getattr /new/a', 'ETIMEDOUT'),
  fault('source', 'readlink /new/link', 'EIO'),
  fault('source', 'open /new/a', 'ESTALE', 4),
  fault('source', 'read /new/a', 'EIO', 4),
  fault('destination', 'opendir /new', 'EIO'),
  fault('destination', 'readdir /new', 'ETIMEDOUT'),
  fault('destination', 'getattr /new/a', 'EIO'),
  fault('destination', 'readlink /new/link', 'EIO'),
  fault('destination', 'open /new/a', 'EIO'),
  fault('destination', 'read /new/a', 'ETIMEDOUT', 4),
  fault('destination', 'read /big at=3000000', 'EIO', 4),
];

async function expectUnchangedCounts(
  faults: readonly Fault[],
  runWith: (make: (mounted: Mounted) => void) => Promise<{ report: JsonReport; faults: number }>,
): Promise<void> {
  const expected = countsIn((await runWith(() => undefined)).report);
  for (const one of faults) {
    const { side, operation, path, errno, count, more } = one;
    const rule = [`op=${operation}`, `errno=${errno}`, `count=${count}`, `path_glob=${path}`, ...more];
    const found = await runWith((mounted) => mounted[side].ctl(...rule));
    const wasRetried = (found.report.tally['retries'] ?? 0) > 0;
    const told = { fault: one, wasRetried, faults: found.faults, counts: countsIn(found.report) };
    expect(told).toEqual({ fault: one, wasRetried: true, faults: count, counts: expected });
  }
}

describeWith(['latfs'], 'a temporary failure', () => {
  test('of any call of Preparing and Syncing', { timeout: 180_000 }, async ({ trees }) => {
    await expectUnchangedCounts(WHILE_SYNCING, async (make) => {
      await writeDifferentTrees(trees);
      return onMounts(trees, async (mounted) => {
        make(mounted);
        const report = await runOn(mounted, ['--delete', '--verify=none']);
        expect(await compareTrees(trees.source, trees.destination)).toEqual([]);
        return { report, faults: faultsOf(mounted) };
      });
    });
  });

  test('of any call of Verifying', { timeout: 180_000 }, async ({ trees }) => {
    await writeDifferentTrees(trees);
    await run([trees.source, trees.destination, '--delete']);
    await expectUnchangedCounts(WHILE_VERIFYING, (make) =>
      onMounts(trees, async (mounted) => {
        make(mounted);
        return { report: await runOn(mounted, ['verify']), faults: faultsOf(mounted) };
      }),
    );
  });

  test('in one range of a large file', async ({ trees }) => {
    const large = { large: file('x'.repeat(70_000_000), EARLIER) };
    await writeTree(trees.source, large, EARLIER);
    await writeTree(trees.destination, large, EARLIER);
    await onMounts(trees, async (mounted) => {
      mounted.destination.ctl('op=read', 'errno=EIO', 'count=4', 'at=69000000');
      const { tally } = await runOn(mounted, ['verify']);
      expect([tally['filesVerified'], tally['bytesVerified']]).toEqual([1, 70_000_000]);
      expect([tally['retries'], faultsOf(mounted)]).toEqual([expect.any(Number), 4]);
      expect(tally['retries']).toBeGreaterThan(0);
    });
  });

  test('in the middle of a long listing, on both sides', async ({ trees }) => {
    const files = Array.from({ length: 5000 }, (_, index): NamedNode => [`f${index}`, file()]);
    await writeTree(trees.source, { d: dir(files) });
    await writeTree(trees.destination, { d: dir([...files, ['extra', file()]]) });
    await onMounts(trees, async (mounted) => {
      for (const side of ['source', 'destination'] as const) {
        mounted[side].ctl('op=readdir', 'errno=EIO', 'after=1', 'count=2', 'path_glob=/d');
      }
      const { tally } = await runOn(mounted, ['--delete', '--verify=none']);
      expect([tally['sourceEntries'], tally['destinationEntries']]).toEqual([5001, 5002]);
      expect([tally['entriesDeleted'], faultsOf(mounted)]).toEqual([1, 4]);
    });
    expect(await compareTrees(trees.source, trees.destination)).toEqual([]);
  });
});

/** Fails to open one file, with five retries. */
async function failing(trees: Trees, errno: string, status: number): Promise<object> {
  await writeTree(trees.source, { a: file('a'), d: dir({ b: file('b') }) });
  return onMounts(trees, async (mounted) => {
    mounted.source.ctl('op=open', `errno=${errno}`, 'path_glob=/d/b');
    const report = await runOn(mounted, ['--retries=5', '--verify=none'], status);
    expect(await compareTrees(trees.source, trees.destination, { ignore: ['d/b'] })).toEqual([]);
    const [problem] = report.problems;
    return { problem: problem?.path, retries: report.tally['retries'], faults: faultsOf(mounted) };
  });
}

describeWith(['latfs'], 'a permanent failure', () => {
  test('is met once more often than --retries says', async ({ trees }) => {
    expect(await failing(trees, 'EIO', 23)).toEqual({ problem: 'd/b', retries: 5, faults: 6 });
  });

  test('is met once if a retry would not help', async ({ trees }) => {
    expect(await failing(trees, 'EACCES', 23)).toEqual({ problem: 'd/b', retries: 0, faults: 1 });
  });

  test('is reported once if another failure repeats the attempt', async ({ trees }) => {
    await writeTree(trees.source, { d: dir({ a: file('a', { uid: 1234 }) }) });
    await writeTree(trees.destination, { d: dir({ b: file('b') }) });
    await onMounts(trees, async (mounted) => {
      mounted.destination.ctl(
        'op=chown',
        'errno=EPERM',
        'path_glob=/d/*',
        'op=flush',
        'errno=EIO',
        'count=2',
        'path_glob=/d/*',
      );
      const { problems, tally } = await runOn(mounted, ['--verify=none'], 23);
      expect(problems.map(({ path, code }) => [path, code])).toEqual([['d/a', 'EPERM']]);
      expect([tally['filesTransferred'], tally['retries']]).toEqual([1, 2]);
    });
  });

  test('of a stale handle means that the file has vanished', async ({ trees }) => {
    // The kernel repeats each of our six attempts once.
    expect(await failing(trees, 'ESTALE', 24)).toEqual({ problem: 'd/b', retries: 5, faults: 12 });
  });
});
