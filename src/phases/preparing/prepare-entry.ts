/** One name that is no directory in the source: asks both sides, and plans what must change. */
import { statName } from '../../filesystem/entry-stat.ts';
import { checkFile, ENOENT } from '../../filesystem/linux/system-error.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { releaseStats, takeStats, type StatPair } from '../../filesystem/stat-pair.ts';
import type { Side } from '../../model/task.ts';
import { problemFrom } from '../findings.ts';
import { sideOf } from '../walking/both-sides.ts';
import { retryInBoth, retryInDirectory } from '../walking/fresh-lookup.ts';
import type { WorkerContext } from '../worker-context.ts';
import { examineEntry, type NamedEntry } from './examine-entry.ts';
import type { EntryPlace } from './pair.ts';
import { planEntry } from './plan-entry.ts';
import type { PreparingUnit } from './unit.ts';

export async function prepareEntry(unit: PreparingUnit, place: EntryPlace, named: NamedEntry): Promise<void> {
  const { source, destination } = place.pair;
  if (source.directory === undefined) return;
  const to = named.presence === 'both' ? destination?.directory : undefined;
  const stats = takeStats();
  try {
    const isThere = await statSides(unit.context, { from: source.directory, to, name: named.name, stats });
    const examined = examineEntry(unit, place, {
      named,
      source: stats.source,
      destination: isThere ? stats.destination : undefined,
    });
    if (examined !== undefined) await planEntry(unit, place, examined);
  } catch (error) {
    addProblem(unit, place, { name: named.name, side: sideOf(error) ?? 'destination', error });
  } finally {
    releaseStats(stats);
  }
}

interface Asked {
  readonly from: OpenDirectory;
  /** Undefined: the destination does not have the name. */
  readonly to: OpenDirectory | undefined;
  readonly name: string;
  readonly stats: StatPair;
}

/** Whether the destination has it. @throws SystemError, with its side */
async function statSides(context: WorkerContext, { from, to, name, stats }: Asked): Promise<boolean> {
  const ask = async (source: OpenDirectory, destination?: OpenDirectory): Promise<boolean> => {
    // Both sides are asked at once.
    const fromSource = statName(source, name, stats.source);
    const fromDestination =
      destination === undefined ? -ENOENT : statName(destination, name, stats.destination);
    const [sourceResult, destinationResult] = [await fromSource, await fromDestination];
    checkFile(sourceResult, 'statx', { path: name, side: 'source' });
    if (destinationResult === -ENOENT) return false;
    checkFile(destinationResult, 'statx', { path: name, side: 'destination' });
    return true;
  };
  return to === undefined
    ? retryInDirectory(context, 'source', from, (source) => ask(source))
    : retryInBoth(context, { source: from, destination: to }, ask);
}

function addProblem(
  unit: PreparingUnit,
  place: EntryPlace,
  { name, side, error }: { name: string; side: Side; error: unknown },
): void {
  const path = childPath(place.pair.path, name);
  unit.findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
}
