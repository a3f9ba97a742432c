/** Trees that differ only once they have been synced, for tests of `--repair`. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOptions, RunResult } from '../../src/api/run-task.ts';
import type { Trees } from './scenario.ts';
import { dir, file, symlink } from './tree.ts';

/** As built: its workers are files beside it. */
const BUILT = new URL('../../dist/program/index.js', import.meta.url).href;
const { sync: syncByApi } = (await import(BUILT)) as typeof import('../../src/api/index.ts');

/** Other content, of the same size and times. */
export function rot(trees: Trees, path: string): void {
  const copy = join(trees.destination, path);
  writeFileSync(
    copy,
    readFileSync(copy).map((byte) => byte ^ 1),
  );
  execFileSync('touch', ['-r', join(trees.source, path), copy]);
}

/** Between Syncing and Verifying. */
export async function syncAltering(
  trees: Trees,
  alter: () => void,
  options: RunOptions = {},
): Promise<RunResult> {
  const reporter = {
    phaseStarted: (phase: string) => void (phase === 'verifying' && alter()),
    ...options.reporter,
  };
  return syncByApi(trees.source, trees.destination, {
    repair: true,
    'state-dir': join(trees.directory, 'state'),
    ...options,
    reporter,
  });
}

/** "class: path" of each, sorted. */
export function repairsOf({ report }: RunResult): string[] {
  return (report.repairs ?? []).map((verdict) => `${verdict.class}: ${verdict.path}`).toSorted();
}

export const TREE = {
  a: file('one'),
  b: file('b'),
  l: symlink('a'),
  d: dir({ f: file('two'), g: file('g'), e: dir({ h: file('h') }) }),
};
