/** Two statx buffers, one a side, reused from entry to entry. */
import { StatBuffer } from './linux/stat-buffer.ts';

export interface StatPair {
  readonly source: StatBuffer;
  readonly destination: StatBuffer;
}

const free: StatPair[] = [];

export async function withStatPair<T>(use: (stats: StatPair) => Promise<T>): Promise<T> {
  const stats = free.pop() ?? { source: new StatBuffer(), destination: new StatBuffer() };
  try {
    return await use(stats);
  } finally {
    free.push(stats);
  }
}
