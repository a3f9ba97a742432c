/**
 * Success means on the disk: the destination is flushed before it is verified, and content before the mtime
 * that vouches for it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { compareTrees, readTree, writeTree } from '../support/oracle.ts';
import { mountMemory, unmountingBelow } from '../support/mounts.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, runCli, tracedEnvironment } from '../support/run-cli.ts';
import { sync, test, type Trees } from '../support/scenario.ts';
import { withSlowDisk } from '../support/slow-disk.ts';
import { dir, file, sparse } from '../support/tree.ts';

const OLD = { mtimeNs: 1n };

interface Traced {
  readonly status: number | null;
  readonly output: string;
  /** The lines of strace, from all threads and processes. */
  readonly calls: readonly string[];
}

async function traced(
  trees: Trees,
  args: readonly string[],
  calls: string,
  ...more: string[]
): Promise<Traced> {
  const log = join(trees.directory, 'strace.log');
  const options = ['-fqqyo', log, '-e', `trace=${calls}`, ...more.flatMap((one) => ['-e', one])];
  const child = spawn('strace', [...options, process.execPath, CLI, ...args], { env: tracedEnvironment() });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  const lines = readFileSync(log, 'latin1').split('\n');
  return { status, output, calls: lines.filter((line) => line.includes('(')) };
}

/** The file systems that a run flushes, identified by their open descriptors. */
async function flushed(trees: Trees, ...args: string[]): Promise<string[]> {
  const { calls } = await traced(trees, [...args, trees.source, trees.destination], 'syncfs');
  return calls.flatMap((line) => /syncfs\(\d+<([^>]*)>\) += 0/.exec(line)?.[1] ?? []);
}

describeWith(['strace'], 'the destination is flushed', () => {
  test.for([
    { what: 'in a run that copies', args: [], times: 1 },
    { what: 'with --verify=transferred', args: ['--verify=transferred'], times: 1 },
    { what: 'not with --verify=none', args: ['--verify=none'], times: 0 },
    { what: 'with --verify=none and --fsync', args: ['--verify=none', '--fsync'], times: 1 },
    { what: 'not in a dry run', args: ['-n'], times: 0 },
    { what: 'not by verify', args: ['verify'], times: 0 },
  ])('$what', async ({ args, times }, { trees }) => {
    await writeTree(trees.source, { a: file('a') });
    expect(await flushed(trees, ...args)).toEqual(Array.from({ length: times }, () => trees.destination));
  });

  test('after a mere deletion, link or adjustment, but not if nothing changed', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a') });
    await sync(trees);
    expect(await flushed(trees, '--delete')).toEqual([]);
    await writeTree(trees.destination, { b: file('b') });
    expect(await flushed(trees, '--delete')).toHaveLength(1);
    execFileSync('chmod', ['600', join(trees.source, 'a')]);
    expect(await flushed(trees)).toHaveLength(1);
    execFileSync('ln', [join(trees.source, 'a'), join(trees.source, 'c')]);
    expect(await flushed(trees)).toHaveLength(1);
  });

  test('before it is verified', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a') });
    await sync(trees);
    await writeTree(trees.source, { a: file('longer') });
    const { calls } = await traced(trees, [trees.source, trees.destination], 'syncfs,renameat,getdents64');
    const order = calls
      .filter((line) => line.includes(trees.destination))
      .map((line) => /(\w+)\(/.exec(line)?.[1])
      .filter((name, index, all) => name !== all[index - 1]);
    expect(order).toEqual(['getdents64', 'renameat', 'syncfs', 'getdents64']);
  });

  test('or the run says that it did not', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a') });
    const [first, second] = [await sync(trees, ['--verify=none']), await sync(trees, ['--verify=none'])];
    expect(first.stdout).toContain('not flushed to disk');
    expect(second.stdout).not.toContain('not flushed');
  });

  test('and an error ends the run', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a') });
    const args = [trees.source, trees.destination];
    const { status, output } = await traced(trees, args, 'syncfs', 'inject=syncfs:error=EIO');
    expect(output).toContain(
      `cannot flush the file system of ${trees.destination} to the disk: Input/output error`,
    );
    expect(status).toBe(11);
  });
});

describeWith(['strace', 'root', 'loop mount', 'tmpfs mount'], 'file systems below the destination', () => {
  test('are flushed, unless -x or filter rules leave them out, or they are in memory', async ({ trees }) => {
    const [below, memory] = ['below', 'memory'].map((name) => join(trees.destination, name)) as [
      string,
      string,
    ];
    for (const mountPoint of [below, memory]) mkdirSync(mountPoint);
    await unmountingBelow(trees.destination, async () => {
      mountMemory(memory);
      const disk = 'truncate -s 1M "$1" && mkfs.ext2 -qF "$1" && mount -o loop "$1" "$2"';
      execFileSync('sh', ['-c', disk, 'sh', join(trees.directory, 'disk'), below]);
      const flushedAfter = async (...args: string[]) => {
        await writeTree(trees.source, {
          [`a${args.length}${args.join('').replace('/', '')}`]: file('a'),
          below: dir({}),
          memory: dir({ [`a${args.length}`]: file('a') }),
        });
        return flushed(trees, ...args);
      };
      expect(await flushedAfter()).toEqual([trees.destination, below]);
      expect(await flushedAfter('-x')).toEqual([trees.destination]);
      expect(await flushedAfter('--exclude=/below')).toEqual([trees.destination]);
    });
  });
});

const ORDERED = 'pwrite64,copy_file_range,fsync,fchmod,utimensat,renameat';

/** The calls that write one file, starting with its content. */
async function stepsOf(trees: Trees, ...args: string[]): Promise<string[]> {
  const { calls } = await traced(trees, [trees.source, trees.destination, ...args], ORDERED);
  const names = calls
    .filter((line) => line.includes(trees.destination))
    .map((line) => /(\w+)\(/.exec(line)?.[1] ?? '');
  return names.slice(names.findIndex((name) => /pwrite|copy/.test(name)));
}

describeWith(['strace'], 'content reaches the disk before the mtime', () => {
  test.for([
    { what: 'with --fsync', source: file('new', { mode: 0o600 }), args: ['--fsync'], flushes: true },
    { what: 'of a file in place', source: file('new'), args: ['--inplace'], flushes: true },
    {
      what: 'of a file that ends in a hole',
      source: sparse(1_000_000, [[4096, 'a']]),
      args: [],
      flushes: true,
    },
    { what: 'and otherwise it need not be', source: file('new'), args: [], flushes: false },
  ])('$what', async ({ source, args, flushes }, { trees }) => {
    await writeTree(trees.source, { a: source });
    await writeTree(trees.destination, { a: file('older', OLD) });
    const steps = await stepsOf(trees, ...args);
    expect(steps.filter((name) => name === 'fsync')).toHaveLength(flushes ? 1 : 0);
    if (!flushes) return;
    const first = Math.min(
      ...['fchmod', 'utimensat', 'renameat'].map((name) =>
        steps.includes(name) ? steps.indexOf(name) : Infinity,
      ),
    );
    expect(steps.indexOf('fsync')).toBeLessThan(first);
    expect(await compareTrees(trees.source, trees.destination)).toEqual([]);
  });

  test('and a file that cannot be flushed is not put in place', async ({ trees }) => {
    await writeTree(trees.source, { a: file('new') });
    await writeTree(trees.destination, { a: file('older', OLD) });
    const args = [trees.source, trees.destination, '--fsync', '--verify=none'];
    const { status, output } = await traced(trees, args, 'fsync', 'inject=fsync:error=EIO');
    expect(output).toContain('cannot copy');
    expect(status).toBe(23);
    expect(readFileSync(join(trees.destination, 'a'), 'latin1')).toBe('older');
    expect(
      [...(await readTree(trees.destination)).keys()].filter((path) => path.includes('.efs-sync')),
    ).toEqual([]);
  });
});

describe('different content with equal size and mtime', () => {
  test('comes with the advice to run with --checksum', async ({ trees }) => {
    await writeTree(trees.source, { a: file('right', OLD) });
    await writeTree(trees.destination, { a: file('wrong', OLD) });
    for (const args of [[], ['--json']]) {
      const { stdout } = await sync(trees, args, { status: 40 });
      expect(stdout).toContain('run once with --checksum');
    }
    expect((await sync(trees, ['--checksum'])).stdout).not.toContain('run once with --checksum');
  });
});

/** Enough data for the run to flush it in a separate process. */
const FILES = 10;
const FILE_BYTES = 4_000_000;

async function flusherOf(pid: number): Promise<number> {
  for (;;) {
    for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
      if (isFlusherOf(name, pid)) return Number(name);
    }
    await sleep(20);
  }
}

function isFlusherOf(name: string, pid: number): boolean {
  try {
    const isChild = readFileSync(`/proc/${name}/stat`, 'latin1').includes(`) D ${pid} `);
    return isChild && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('flusher.cjs');
  } catch {
    return false;
  }
}

describeWith(['root', 'loop mount', 'latfs'], 'a flush that hangs', () => {
  test.for([
    { by: 'SIGINT', args: [], status: 20, told: /^Interrupted/m },
    {
      by: '--timeout',
      args: ['--timeout=3'],
      status: 30,
      // Where the machine is busy, the thread beside the main one says so, a second later.
      told: /no progress for [34] s: waiting for syncfs of "/,
    },
  ])('ends with the run by $by', async ({ by, args, status, told }, { trees, memoryTrees }) => {
    const many = Array.from(
      { length: FILES },
      (_, index) => [`f${index}`, file('x'.repeat(FILE_BYTES))] as const,
    );
    await writeTree(memoryTrees.source, many);
    await withSlowDisk(trees.directory, async (disk) => {
      rmSync(join(disk.mountPoint, 'lost+found'), { recursive: true });
      disk.hang();
      const result = await runCli([memoryTrees.source, disk.mountPoint, ...args], {
        onStart: (child) => {
          if (by === 'SIGINT') void flusherOf(child.pid as number).then(() => child.kill('SIGINT'));
        },
      });
      expect(result.output).toMatch(told);
      expect(result.status).toBe(status);
    });
  });
});
