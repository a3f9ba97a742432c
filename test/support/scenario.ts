/** A pair of trees to sync, and the steps every scenario is told in. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base } from 'vitest';
import { compareTrees, readTree } from './oracle.ts';
import type { ComparisonOptions, FoundEntry } from './oracle.ts';
import { NOBODY, runCli } from './run-cli.ts';
import type { CliResult, RunOptions } from './run-cli.ts';

export interface Trees {
  /** Holds both; for what belongs to neither. */
  readonly directory: string;
  readonly source: string;
  readonly destination: string;
}

/** Named after the test, to tell whose they are should they stay behind. */
function makeTrees(testId: string, parent: string | undefined): Trees {
  if (parent === undefined) throw new Error('run through vitest, whose global setup makes the directories');
  const directory = mkdtempSync(join(parent, `trees${testId}-`));
  chmodSync(directory, 0o755);
  const trees = { directory, source: join(directory, 'source'), destination: join(directory, 'destination') };
  mkdirSync(trees.source);
  mkdirSync(trees.destination);
  return trees;
}

/** rm(1) goes relative to descriptors, so that no path is too long for it. */
function removeTrees({ directory }: Trees): void {
  execFileSync('rm', ['-rf', directory]);
}

/** Both empty again, for tests that go round and round. */
export function resetTrees(trees: Trees): void {
  execFileSync('rm', ['-rf', trees.source, trees.destination]);
  mkdirSync(trees.source);
  mkdirSync(trees.destination);
}

/** `trees` on disk; `memoryTrees` on tmpfs, which holds any time and is fast. */
export const test = base.extend<{ trees: Trees; memoryTrees: Trees }>({
  trees: async ({ task }, use) => {
    const trees = makeTrees(task.id, process.env['EFS_SYNC_TEST_DISK']);
    await use(trees);
    removeTrees(trees);
  },
  memoryTrees: async ({ task }, use) => {
    const trees = makeTrees(task.id, process.env['EFS_SYNC_TEST_MEMORY']);
    await use(trees);
    removeTrees(trees);
  },
});

export interface SyncOptions extends RunOptions {
  /** Exit status that must come; 0 unless told. */
  readonly status?: number;
}

/** Runs `efs-sync source destination`; any other exit status fails the test with what was printed. */
export async function sync(
  trees: Trees,
  args: readonly string[] = [],
  options: SyncOptions = {},
): Promise<CliResult> {
  return run([trees.source, trees.destination, ...args], options);
}

export async function run(args: readonly string[], options: SyncOptions = {}): Promise<CliResult> {
  const result = await runCli(args, options);
  const status = options.status ?? 0;
  if (result.status !== status) {
    const end = `exit ${String(result.status)}, signal ${String(result.signal)}, expected ${status}`;
    expect.fail(`efs-sync ${args.join(' ')}\n${end}\n${result.output}`);
  }
  return result;
}

export async function expectSame(trees: Trees, options: ComparisonOptions = {}): Promise<void> {
  expect(await compareTrees(trees.source, trees.destination, options)).toEqual([]);
}

export async function verify(
  trees: Trees,
  args: readonly string[] = [],
  options: SyncOptions = {},
): Promise<CliResult> {
  return run(['verify', trees.source, trees.destination, ...args], options);
}

/** For what runs `asNobody`. Clears set-id bits, as chown does. */
export function giveToNobody({ directory }: Trees): void {
  execFileSync('chown', ['-hR', `${NOBODY}:${NOBODY}`, directory]);
}

/** All there is to know below `root` but access times: to show later that nothing was written. */
export async function snapshot(root: string): Promise<object[]> {
  return [...(await readTree(root)).values()].map(withoutAtime);
}

function withoutAtime(entry: FoundEntry): object {
  return { ...entry, atimeNs: undefined };
}
