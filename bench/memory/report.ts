/** The memory of all trees as a Markdown table, and what that of more entries would be. */
import { formatCells } from '../table.ts';
import { RUNS, type MemoryResult, type RunName } from './run-memory.ts';

const MANY_ENTRIES = 10_000_000;

/** If memory does not grow with the entries, the difference is noise and may be negative. */
function slopeBytes(few: MemoryResult, many: MemoryResult, run: RunName): number {
  return Math.max(0, (many.peakBytes[run] - few.peakBytes[run]) / (many.entries - few.entries));
}

export function formatMemory(results: readonly MemoryResult[]): string {
  const rows = results.map(({ tree, peakBytes }) => [tree, ...RUNS.map((run) => inMB(peakBytes[run]))]);
  return formatCells([['most memory, MB', ...RUNS], ...rows]);
}

/** Extrapolates linearly from two sizes of the same kind of tree. */
export function formatExtrapolation(few: MemoryResult, many: MemoryResult): string {
  const slopes = RUNS.map((run) => slopeBytes(few, many, run));
  const larger = RUNS.map((run, index) => {
    const further = (slopes[index] ?? 0) * (MANY_ENTRIES - many.entries);
    return inMB(many.peakBytes[run] + further);
  });
  return formatCells([
    ['extrapolated', ...RUNS],
    ['bytes an entry', ...slopes.map((slope) => slope.toFixed(1))],
    [`MB at ${MANY_ENTRIES.toLocaleString('en')} entries`, ...larger],
  ]);
}

function inMB(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
