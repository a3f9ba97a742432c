/** A pair of trees to sync, and the steps that scenarios consist of. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base } from 'vitest';
import { compareTrees, readTree } from './oracle.ts';
import type { ComparisonOptions, FoundEntry } from './oracle.ts';
import { NOBODY, runCli } from './run-cli.ts';
import type { CliResult, RunOptions } from './run-cli.ts';

export interface Trees {
  /** Holds both trees (the source perhaps as a link into its mount), and files that belong to neither. */
  readonly directory: string;
  readonly source: string;
  readonly destination: string;
}

/** Named after the test, so that leftovers can be traced. */
function makeTrees(testId: string, parent: string | undefined): Trees {
  if (parent === undefined) throw new Error('run through vitest, whose global setup makes the directories');
  const directory = mkdtempSync(join(parent, `trees${testId}-`));
  chmodSync(directory, 0o755);
  const trees = { directory, source: join(directory, 'source'), destination: join(directory, 'destination') };
  makeRoots(trees);
  return trees;
}

/** Never of one time, as two that are made in one tick of the kernel's clock would be. */
function makeRoots({ source, destination }: Trees): void {
  mkdirSync(source);
  mkdirSync(destination);
  utimesSync(destination, 0, 0);
}

/** Each side is below a mount of its own, if `npm run test:nfs` has made directories for it. */
function makeTreesOnMounts(testId: string, sources: string, destinations: string | undefined): Trees {
  const trees = makeTrees(testId, destinations);
  const source = mkdtempSync(join(sources, `trees${testId}-`));
  chmodSync(source, 0o755);
  rmdirSync(trees.source);
  symlinkSync(source, trees.source);
  return { ...trees, source };
}

/** rm(1) works relative to descriptors, so no path is too long for it. */
function removeTrees({ directory, source }: Trees): void {
  execFileSync('rm', ['-rf', source, directory]);
}

/** Empties both trees, for tests that run in rounds. */
export function resetTrees(trees: Trees): void {
  execFileSync('rm', ['-rf', trees.source, trees.destination]);
  makeRoots(trees);
}

/**
 * `trees` are on disk, or on the mounts under test. `memoryTrees` are on tmpfs, which holds any time and is
 * fast. `treesApart` have their source on tmpfs and their destination on disk.
 */
export const test = base.extend<{ trees: Trees; memoryTrees: Trees; treesApart: Trees }>({
  trees: async ({ task }, use) => {
    const { EFS_SYNC_TEST_DISK: disk, EFS_SYNC_TEST_SOURCES: sources } = process.env;
    const trees =
      sources === undefined
        ? makeTrees(task.id, disk)
        : makeTreesOnMounts(task.id, sources, process.env['EFS_SYNC_TEST_DESTINATIONS']);
    await use(trees);
    removeTrees(trees);
  },
  memoryTrees: async ({ task }, use) => {
    const trees = makeTrees(task.id, process.env['EFS_SYNC_TEST_MEMORY']);
    await use(trees);
    removeTrees(trees);
  },
  treesApart: async ({ trees, memoryTrees: { source } }, use) => {
    await use({ ...trees, source });
  },
});

export interface SyncOptions extends RunOptions {
  /** The expected exit status; default: 0. */
  readonly status?: number;
}

/** Runs `efs-sync source destination`; another exit status fails the test and shows the output. */
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

/** For processes that run `asNobody`. Clears set-id bits, as chown does. */
export function giveToNobody({ directory, source }: Trees): void {
  execFileSync('chown', ['-hR', `${NOBODY}:${NOBODY}`, directory, source]);
}

/** Everything below `root` except access times, to show later that nothing was written. */
export async function snapshot(root: string): Promise<object[]> {
  return [...(await readTree(root)).values()].map(withoutAtime);
}

function withoutAtime(entry: FoundEntry): object {
  return { ...entry, atimeNs: undefined };
}
