/** Medians, and how many times as long as the first contender each of the others takes. */
import type { ContenderResult } from './run-scenario.ts';
import type { Usage } from './run-command.ts';

export interface Summary {
  readonly name: string;
  readonly elapsedSec: number;
  readonly fastestSec: number;
  readonly slowestSec: number;
  readonly userSec: number;
  readonly systemSec: number;
  /** Above 1, the first contender is faster. */
  readonly ratio: number;
  readonly rounds: number;
}

export function summarize(results: readonly ContenderResult[]): Summary[] {
  const baseline = medianOf(results[0]?.rounds ?? [], 'elapsedSec');
  return results.map(({ name, rounds }) => {
    const elapsed = rounds.map(({ elapsedSec }) => elapsedSec);
    const elapsedSec = medianOf(rounds, 'elapsedSec');
    return {
      name,
      elapsedSec,
      fastestSec: Math.min(...elapsed),
      slowestSec: Math.max(...elapsed),
      userSec: medianOf(rounds, 'userSec'),
      systemSec: medianOf(rounds, 'systemSec'),
      ratio: elapsedSec / baseline,
      rounds: rounds.length,
    };
  });
}

function medianOf(rounds: readonly Usage[], field: keyof Usage): number {
  const sorted = rounds.map((usage) => usage[field]).toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
