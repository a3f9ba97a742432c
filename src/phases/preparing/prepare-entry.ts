/** One name that is no directory in the source: asks both sides, and plans what must change. */
import { statName } from '../../filesystem/entry-stat.ts';
import { check, ENOENT } from '../../filesystem/linux/system-error.ts';
import { childPath } from '../../filesystem/root.ts';
import { releaseStats, takeStats } from '../../filesystem/stat-pair.ts';
import type { Side } from '../../model/task.ts';
import { problemFrom } from '../findings.ts';
import { sideOf } from '../walking/both-sides.ts';
import { examineEntry, type NamedEntry } from './examine-entry.ts';
import type { EntryPlace } from './pair.ts';
import { planEntry } from './plan-entry.ts';
import type { PreparingUnit } from './unit.ts';

export async function prepareEntry(unit: PreparingUnit, place: EntryPlace, named: NamedEntry): Promise<void> {
  const { source, destination } = place.pair;
  if (source.directory === undefined) return;
  const stats = takeStats();
  let side: Side = 'source';
  try {
    const { name } = named;
    // Both sides are asked at once.
    const fromSource = statName(source.directory, name, stats.source);
    const isAsked = named.presence === 'both' && destination !== undefined;
    const fromDestination = isAsked ? statName(destination.directory, name, stats.destination) : -ENOENT;
    const [sourceResult, destinationResult] = [await fromSource, await fromDestination];
    check(sourceResult, 'statx', name);
    side = 'destination';
    const isThere = destinationResult !== -ENOENT;
    if (isThere) check(destinationResult, 'statx', name);
    const examined = examineEntry(unit, place, {
      named,
      source: stats.source,
      destination: isThere ? stats.destination : undefined,
    });
    if (examined !== undefined) await planEntry(unit, place, examined);
  } catch (error) {
    addProblem(unit, place, { name: named.name, side: sideOf(error) ?? side, error });
  } finally {
    releaseStats(stats);
  }
}

function addProblem(
  unit: PreparingUnit,
  place: EntryPlace,
  { name, side, error }: { name: string; side: Side; error: unknown },
): void {
  const path = childPath(place.pair.path, name);
  unit.findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
}
