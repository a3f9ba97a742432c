/** One name that is no directory in the source: asks both sides, and plans what must change. */
import { statName } from '../../filesystem/entry-stat.ts';
import type { Awaitable } from '../../filesystem/linux/call-table.ts';
import { check, ENOENT, SystemError } from '../../filesystem/linux/system-error.ts';
import { childPath } from '../../filesystem/root.ts';
import { releaseStats, takeStats, type StatPair } from '../../filesystem/stat-pair.ts';
import type { Side } from '../../model/task.ts';
import { problemFrom } from '../findings.ts';
import { examineEntry, type ExaminedEntry, type NamedEntry } from './examine-entry.ts';
import type { EntryPlace } from './pair.ts';
import { planEntry } from './plan-entry.ts';
import type { PreparingUnit } from './unit.ts';

/** Blocking calls give numbers, and then nothing here waits for a promise; pooled calls ask both sides at once. */
export function prepareEntry(unit: PreparingUnit, place: EntryPlace, named: NamedEntry): Awaitable<void> {
  const { source, destination } = place.pair;
  if (source.directory === undefined) return undefined;
  const stats = takeStats();
  const fromSource = statName(source.directory, named.name, stats.source);
  const isAsked = named.presence === 'both' && destination !== undefined;
  const fromDestination = isAsked ? statName(destination.directory, named.name, stats.destination) : -ENOENT;
  const prepare = (results: StatResults) => prepareStated(unit, place, { named, stats, results });
  if (typeof fromSource === 'number' && typeof fromDestination === 'number') {
    return prepare({ source: fromSource, destination: fromDestination });
  }
  return bothResults(fromSource, fromDestination).then(prepare);
}

/** What statx gave: 0 or -errno. */
interface StatResults {
  readonly source: number;
  readonly destination: number;
}

interface Stated {
  readonly named: NamedEntry;
  readonly stats: StatPair;
  readonly results: StatResults;
}

async function bothResults(source: Awaitable<number>, destination: Awaitable<number>): Promise<StatResults> {
  return { source: await source, destination: await destination };
}

function prepareStated(unit: PreparingUnit, place: EntryPlace, stated: Stated): Awaitable<void> {
  const { named, stats, results } = stated;
  let pending: Awaitable<void> = undefined;
  try {
    const examined = examineStated(unit, place, stated);
    if (examined !== undefined) pending = planEntry(unit, place, examined);
  } catch (error) {
    addProblem(unit, place, { name: named.name, side: results.source < 0 ? 'source' : 'destination', error });
  }
  if (pending === undefined) {
    releaseStats(stats);
    return undefined;
  }
  return pending
    .catch((error: unknown) => addProblem(unit, place, { name: named.name, side: sideOf(error), error }))
    .finally(() => releaseStats(stats));
}

function examineStated(
  unit: PreparingUnit,
  place: EntryPlace,
  { named, stats, results }: Stated,
): ExaminedEntry | undefined {
  check(results.source, 'statx', named.name);
  const isThere = results.destination !== -ENOENT;
  if (isThere) check(results.destination, 'statx', named.name);
  return examineEntry(unit, place, {
    named,
    source: stats.source,
    destination: isThere ? stats.destination : undefined,
  });
}

function sideOf(error: unknown): Side {
  return (error instanceof SystemError ? error.side : undefined) ?? 'destination';
}

function addProblem(
  unit: PreparingUnit,
  place: EntryPlace,
  { name, side, error }: { name: string; side: Side; error: unknown },
): void {
  const path = childPath(place.pair.path, name);
  unit.findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
}
