/** The trees whose memory is measured: by entries, by the largest directory, by hard links. */
import type { Tree } from '../scenario.ts';
import { linkedPairs } from '../trees/linked-pairs.ts';
import { oneDirectory, tinyFiles } from '../trees/small-files.ts';

export interface MeasuredTree {
  readonly tree: Tree;
  readonly entries: number;
}

const MILLION = 1_000_000;

/** The memory per entry is computed from these two. */
export const FEW: MeasuredTree = { tree: tinyFiles(MILLION / 10), entries: MILLION / 10 };
export const MANY: MeasuredTree = { tree: tinyFiles(MILLION), entries: MILLION };

/** Memory depends on the largest directory and on the number of hard-linked names. */
export const OTHERS: readonly MeasuredTree[] = [
  { tree: oneDirectory(MILLION, 100), entries: MILLION },
  { tree: linkedPairs(MILLION / 2), entries: MILLION },
];
