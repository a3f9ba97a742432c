/** Kills a run at a moment chosen at random: at one of the system calls that it makes, or by the clock. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLI, runCli, tracedEnvironment } from '../support/run-cli.ts';
import type { Trees } from '../support/scenario.ts';
import { resetDestination, spooling } from './expect-converged.ts';

/**
 * Calls that change the destination or mark a step of the run, and that Node does not make while it starts.
 */
const CALLS = [
  ...['openat2', 'getdents64', 'pwrite64', 'copy_file_range', 'ftruncate', 'fallocate', 'lseek', 'fsync'],
  ...['fchmod', 'fchmodat', 'fchownat', 'utimensat', 'flock'],
  ...['renameat', 'linkat', 'symlinkat', 'mkdirat', 'mknodat', 'unlinkat'],
];
/** Node's own start takes this long. */
const START_MS = 100;

export interface Moments {
  /**
   * Each call of a whole run, with its count among the thread's calls of that name, as strace counts them.
   */
  readonly calls: readonly (readonly [name: string, when: number])[];
  readonly durationMs: number;
}

/** Traces one whole run and times another. Reset the trees afterwards. */
export async function momentsOf(trees: Trees, args: readonly string[]): Promise<Moments> {
  const log = join(trees.directory, 'strace.log');
  await runTraced(trees, args, ['-o', log]);
  const counts = new Map<string, number>();
  const calls: [string, number][] = [];
  for (const line of readFileSync(log, 'latin1').split('\n')) {
    const [, thread, name] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (name === undefined) continue;
    const when = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, when);
    calls.push([name, when]);
  }
  resetDestination(trees);
  const startMs = performance.now();
  await runCli([trees.source, trees.destination, ...args], spooling(trees));
  return { calls, durationMs: performance.now() - startMs };
}

/** True if the run was killed before it ended. */
export async function killAtRandom(
  trees: Trees,
  args: readonly string[],
  { moments, random }: { moments: Moments; random: () => number },
): Promise<boolean> {
  const { calls, durationMs } = moments;
  if (random() < 0.3) return killAfter(trees, args, START_MS + random() * (durationMs - START_MS));
  const [name, when] = calls[Math.floor(random() * calls.length)] as Moments['calls'][number];
  const signal = await runTraced(trees, args, [
    '-o',
    '/dev/null',
    '-e',
    `inject=${name}:signal=KILL:when=${when}`,
  ]);
  return signal === 'SIGKILL';
}

/** strace ends as its child did, also by a signal. */
async function runTraced(
  trees: Trees,
  args: readonly string[],
  options: readonly string[],
): Promise<string | null> {
  const strace = ['-f', '-qq', '-e', `trace=${CALLS.join(',')}`, ...options];
  const child = spawn(
    'strace',
    [...strace, process.execPath, CLI, trees.source, trees.destination, ...args],
    {
      cwd: '/',
      env: { ...tracedEnvironment(), ...spooling(trees).env },
      stdio: 'ignore',
    },
  );
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal;
}

async function killAfter(trees: Trees, args: readonly string[], afterMs: number): Promise<boolean> {
  const { signal } = await runCli([trees.source, trees.destination, ...args], {
    ...spooling(trees),
    onStart: (child) => {
      void sleep(afterMs).then(() => child.kill('SIGKILL'));
    },
  });
  return signal === 'SIGKILL';
}
