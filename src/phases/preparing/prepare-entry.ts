/** One name that is no directory in the source: asks both sides, and plans what must change. */
import { statName } from '../../filesystem/entry-stat.ts';
import { checkFile, ENOENT } from '../../filesystem/linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { releaseStats, takeStats, type StatPair } from '../../filesystem/stat-pair.ts';
import { isDirectory } from '../../model/entry.ts';
import type { Side } from '../../model/task.ts';
import { problemFrom } from '../findings.ts';
import { openBoth, sideOf, useBoth } from '../walking/both-sides.ts';
import { retryAfter } from '../retrying.ts';
import type { WorkerContext } from '../worker-context.ts';
import { examineEntry, type NamedEntry } from './examine-entry.ts';
import type { EntryPlace } from './pair.ts';
import { planEntry } from './plan-entry.ts';
import type { PreparingUnit } from './unit.ts';

/** What statx tells counts: a listing may have been wrong about what a name is. */
export async function prepareEntry(unit: PreparingUnit, place: EntryPlace, named: NamedEntry): Promise<void> {
  const { source, destination } = place.pair;
  if (source.directory === undefined) return;
  const to = named.presence === 'source' ? undefined : destination?.directory;
  const stats = takeStats();
  try {
    const isThere = await statSides(unit.context, { from: source.directory, to, name: named.name, stats });
    const presence = !isThere ? 'source' : isDirectory(stats.destination) ? 'directory' : 'both';
    const examined = examineEntry(unit, place, {
      named: { name: named.name, presence },
      source: stats.source,
      destination: presence === 'both' ? stats.destination : undefined,
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

/** Whether the destination has it. PERF: no closure is made where all goes well. @throws SystemError, with its side */
async function statSides(context: WorkerContext, asked: Asked): Promise<boolean> {
  try {
    return await statIn(asked.from, asked.to, asked);
  } catch (error) {
    return retryAfter(context, error, async () => statAnew(context, asked));
  }
}

/** In directories looked up anew. */
async function statAnew(context: WorkerContext, asked: Asked): Promise<boolean> {
  const { path } = asked.from;
  return asked.to === undefined
    ? withDirectory(context.source, path, (source) => statIn(source, undefined, asked))
    : useBoth(await openBoth(context, path), (source, destination) => statIn(source, destination, asked));
}

async function statIn(
  source: OpenDirectory,
  destination: OpenDirectory | undefined,
  { name, stats }: Asked,
): Promise<boolean> {
  // Both sides are asked at once.
  const fromSource = statName(source, name, stats.source);
  const fromDestination =
    destination === undefined ? -ENOENT : statName(destination, name, stats.destination);
  const [sourceResult, destinationResult] = [await fromSource, await fromDestination];
  if (sourceResult < 0) checkFile(sourceResult, 'statx', { path: name, side: 'source' });
  if (destinationResult === -ENOENT) return false;
  if (destinationResult < 0) checkFile(destinationResult, 'statx', { path: name, side: 'destination' });
  return true;
}

function addProblem(
  unit: PreparingUnit,
  place: EntryPlace,
  { name, side, error }: { name: string; side: Side; error: unknown },
): void {
  const path = childPath(place.pair.path, name);
  unit.findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
}
