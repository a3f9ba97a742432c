/**
 * The command itself, workers included, with calls that fail in the kernel: strace(1) injects the errors that
 * the matrix injects within one process. With `--timeout`, workers do all the work.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTree, type ComparisonOptions } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { tracedEnvironment, CLI } from '../support/run-cli.ts';
import { expectSame, resetTrees, sync, test, type Trees } from '../support/scenario.ts';
import { LONG_SECONDS, SEED, seededRandom } from '../support/seed.ts';
import { pick, type Draw } from './choose-cases.ts';
import { ERRORS } from './matrix.ts';
import { mayBeSplit } from './promises.ts';
import { OUTDATED, UPDATED } from './trees.ts';

const SAMPLE = 8;
const ARGS = ['--delete', '--checksum', '--fsync', '--preserve=all', '--timeout=60'];
/** `--timeout` ends a hanging run long before. */
const HANGING_MS = 200_000;
/**
 * Calls that every run makes, whatever the call style (which depends on the load), and that Node itself
 * rarely makes.
 */
const CALLS = [
  'fadvise64', 'fchmod', 'fchownat', 'flock', 'fsync', 'ftruncate', 'getdents64', 'linkat', 'listxattr',
  'mkdirat', 'mknodat', 'openat2', 'pwrite64', 'renameat', 'setxattr', 'symlinkat', 'unlinkat', 'utimensat',
]; // prettier-ignore
const TIDYING = /^(unlinkat|renameat)$/;
/** The exit statuses in README that a failed call can cause. */
const STATUSES = [0, 3, 11, 23, 24, 40, 41, 75];

async function makeTrees(trees: Trees): Promise<void> {
  resetTrees(trees);
  await writeTree(trees.source, UPDATED);
  await writeTree(trees.destination, OUTDATED);
}

function traced({ source, destination }: Trees, tracing: readonly string[]) {
  const args = ['-f', '-qq', ...tracing, process.execPath, CLI, ...ARGS, source, destination];
  return spawnSync('strace', args, {
    env: tracedEnvironment(),
    encoding: 'utf8',
    timeout: HANGING_MS,
    killSignal: 'SIGKILL',
  });
}

/** Counts each call of a run. */
function countCalls(trees: Trees): Map<string, number> {
  const log = join(trees.directory, 'strace.log');
  const { status, stderr } = traced(trees, ['-o', log, '-e', `trace=${CALLS.join(',')}`]);
  expect([status, stderr]).toEqual([0, '']);
  const counts = new Map<string, number>();
  for (const [, call = ''] of readFileSync(log, 'utf8').matchAll(/^\d+ +(\w+)\(/gm)) {
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  return counts;
}

interface Injected {
  readonly call: string;
  readonly when: string;
  readonly code: string;
}

function anyInjected(counts: ReadonlyMap<string, number>, draw: Draw): Injected {
  const [call, count] = pick([...counts], draw);
  const nth = 1 + Math.floor(draw() * count);
  return { call, code: pick(ERRORS, draw), when: draw() < 0.5 ? `${nth}` : `${nth}+` };
}

async function holds(trees: Trees, { call, code, when }: Injected): Promise<void> {
  const inject = `${call}:error=${code}:when=${when}`;
  const { status, stderr } = traced(trees, [
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${inject}`,
  ]);
  const told = `EFS_SYNC_SEED=${SEED} ${inject}: ${stderr}`;
  // libuv retries an interrupted call without limit, and Node writes the plan through it.
  const mayHang = call === 'pwrite64' && code === 'EINTR' && when.endsWith('+');
  expect(mayHang ? [...STATUSES, 30] : STATUSES, told).toContain(status);
  const names = readdirSync(trees.destination, { recursive: true }) as string[];
  const own = names.filter((name) => name.includes('.efs-sync-'));
  const except: ComparisonOptions = mayBeSplit(call, code) ? { except: ['links'] } : {};
  if (status === 0) await expectSame(trees, { also: ['xattr', 'acl'], ...except });
  if (status === 0 || (!TIDYING.test(call) && status !== 3)) expect(own.filter(isNew), told).toEqual([]);
  await sync(trees, ARGS);
  await expectSame(trees, { also: ['xattr', 'acl'] });
}

/** True for names that did not exist before the run. */
function isNew(name: string): boolean {
  return !(name in OUTDATED);
}

describeWith(['root', 'strace', 'setfacl', 'user xattrs'], 'the command and its workers', () => {
  const timeoutMs = 300_000 + 3_000 * (LONG_SECONDS ?? 0);
  test('whatever call fails', { timeout: timeoutMs }, async ({ memoryTrees }) => {
    await makeTrees(memoryTrees);
    const counts = countCalls(memoryTrees);
    expect([...counts.keys()].toSorted()).toEqual(CALLS);
    const draw = seededRandom(SEED);
    const endMs = performance.now() + 1000 * (LONG_SECONDS ?? 0);
    for (let cases = 0; cases < SAMPLE || performance.now() < endMs; cases++) {
      await makeTrees(memoryTrees);
      await holds(memoryTrees, anyInjected(counts, draw));
    }
  });
});
