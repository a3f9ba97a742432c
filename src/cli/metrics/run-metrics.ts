/** A run as its metrics see it: what was counted so far, and how it ended. */
import type { Report } from '../../model/report.ts';
import type { CounterName, Tally } from '../../model/tally.ts';
import type { Task } from '../../model/task.ts';

export interface RunMetrics {
  readonly task: Task;
  readonly startedAtMs: number;
  readonly tally: Tally | undefined;
  /** Undefined: it is under way. */
  readonly ended: EndedMetrics | undefined;
}

export interface EndedMetrics {
  readonly atMs: number;
  readonly exitStatus: number;
  /** Undefined: the run ended without one. */
  readonly report: Report | undefined;
}

export function countOf({ tally }: RunMetrics, name: CounterName): number {
  return tally?.[name] ?? 0;
}

export function totalOf(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
