/** Forecasts how long a run will take: the median of recent runs of the same kind and size. */
import type { Conditions, Execution } from '../model/run/execution.ts';
import type { Phase } from '../model/task.ts';

export interface Forecast {
  readonly elapsedMs: number;
  readonly shortestMs: number;
  readonly longestMs: number;
  /** How many runs the forecast rests on. */
  readonly runs: number;
}

export interface TimeLeft {
  readonly elapsedMs: number;
  /** Phases that will follow, but whose duration is unknown. */
  readonly unknown: readonly Phase[];
}

const LATEST = 5;
/** Trees grow, but one more than twice as large, or less than half as large, counts as another tree. */
const SAME_SIZE_FACTOR = 2;
/** Below this fraction the speed is no guide yet. */
const LEAST_FRACTION = 0.02;

/** Undefined if no similar run was completed. @param past runs of its task, the latest first */
export function forecastRun(past: readonly Execution[], conditions: Conditions): Forecast | undefined {
  const lengths = alike(past, conditions).map(({ end }) => end?.elapsedMs ?? 0);
  if (lengths.length === 0) return undefined;
  return {
    elapsedMs: lowerMedian(lengths),
    shortestMs: Math.min(...lengths),
    longestMs: Math.max(...lengths),
    runs: lengths.length,
  };
}

/** Undefined if there is no basis for it. @param fraction of its phase that is done, if known */
export function forecastTimeLeft(
  running: Execution,
  past: readonly Execution[],
  { fraction, nowMs }: { fraction: number | undefined; nowMs: number },
): TimeLeft | undefined {
  const before = alike(past, running);
  const usual = (phase: Phase): number | undefined => {
    const times = before.flatMap(({ phases }) => phases).filter((each) => each.phase === phase);
    return times.length === 0 ? undefined : lowerMedian(times.map(({ elapsedMs }) => elapsedMs));
  };
  const [current, ...later] = phasesFrom(running);
  const left = current === undefined ? 0 : leftOfPhase(running, { usualMs: usual(current), fraction, nowMs });
  if (left === undefined) return undefined;
  const known = later.map((phase) => usual(phase) ?? 0);
  const unknown = later.filter((phase) => usual(phase) === undefined);
  // A run that has not begun, with nothing known about its phases, has no forecast.
  if (current === undefined && unknown.length > 0) return undefined;
  return { elapsedMs: known.reduce((sum, ms) => sum + ms, left), unknown };
}

/** From the current speed if enough is done, else from the usual duration. */
function leftOfPhase(
  { stageStartedAtMs, updatedAtMs }: Execution,
  at: { usualMs: number | undefined; fraction: number | undefined; nowMs: number },
): number | undefined {
  const { usualMs, fraction = 0, nowMs } = at;
  if (fraction < LEAST_FRACTION) {
    return usualMs === undefined ? undefined : Math.max(0, usualMs - (nowMs - stageStartedAtMs));
  }
  const leftThenMs = ((updatedAtMs - stageStartedAtMs) * (1 - fraction)) / fraction;
  return Math.max(0, leftThenMs - (nowMs - updatedAtMs));
}

/** The current phase (undefined before the first), and the phases after it. */
function phasesFrom({ kind, verify, stage }: Execution): [Phase | undefined, ...Phase[]] {
  const verifying: Phase[] = kind === 'sync' && verify === 'none' ? [] : ['verifying'];
  const all: Phase[] = kind === 'verify' ? verifying : ['preparing', 'syncing', ...verifying];
  const index = all.findIndex((phase) => phase === stage.toLowerCase());
  // An index of -1 means before the first: no current phase, and all are still to come.
  return [all[index], ...all.slice(index + 1)];
}

function alike(past: readonly Execution[], { kind, verify, checksum }: Conditions): Execution[] {
  const complete = past.filter(
    (each) =>
      each.end?.isComplete === true &&
      each.kind === kind &&
      each.verify === verify &&
      each.checksum === checksum,
  );
  const sizeNow = sizeOf(complete[0]);
  return complete
    .filter((each) => Math.max(sizeOf(each), sizeNow) <= SAME_SIZE_FACTOR * Math.min(sizeOf(each), sizeNow))
    .slice(0, LATEST);
}

/** Size in entries. `verify` alone counts only verified entries. No tree is smaller than its root. */
function sizeOf(execution: Execution | undefined): number {
  const { sourceEntries = 0, entriesVerified = 0 } = execution?.tally ?? {};
  return 1 + Math.max(sourceEntries, entriesVerified);
}

/**
 * For an even count, the shorter of the middle two: after a first copy and one of changes, the next copies
 * changes.
 */
function lowerMedian(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0;
}
