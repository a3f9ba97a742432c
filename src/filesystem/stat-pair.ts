/** Two statx buffers, one a side, reused from entry to entry. */
import { StatBuffer } from './linux/stat-buffer.ts';

export interface StatPair {
  readonly source: StatBuffer;
  readonly destination: StatBuffer;
}

const free: StatPair[] = [];

/** Give it back with `releaseStats`, whatever happens. */
export function takeStats(): StatPair {
  return free.pop() ?? { source: new StatBuffer(), destination: new StatBuffer() };
}

export function releaseStats(stats: StatPair): void {
  free.push(stats);
}
