/** One name that is no directory in the source: asks both sides, and plans what must change. */
import type { ByteString } from '../../model/byte-string.ts';
import { takeStats, releaseStats, statName, type StatPair } from '../../filesystem/entry-stat.ts';
import { checkFile, ENOENT } from '../../linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { isDirectory, type Entry } from '../../model/entry.ts';
import { retryInDirectory } from '../../engine/march/fresh-lookup.ts';
import type { Side } from '../../model/task.ts';
import { problemFrom } from '../../engine/messages/findings.ts';
import { openBoth, sideOf, useBoth } from '../../engine/march/both-sides.ts';
import { retryAfter } from '../../engine/context/retrying.ts';
import { isUnsafe } from '../../engine/compare/unsafe-links.ts';
import { takeMode } from '../../engine/context/compare-rule.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { examineEntry } from './examine-entry.ts';
import type { EntryPlace, PreparingScope } from './preparing-scope.ts';
import { planEntry } from './plan-entry.ts';

/** What statx tells counts: a listing may have been wrong about what a name is. */
export async function prepareEntry(
  scope: PreparingScope,
  place: EntryPlace,
  { name, mayBeThere }: { name: ByteString; mayBeThere: boolean },
): Promise<void> {
  const { source, destination } = place.sides;
  if (source.directory === undefined) return;
  const to = mayBeThere ? destination?.directory : undefined;
  const stats = takeStats();
  try {
    const isThere = await statSides(scope.context, { from: source.directory, to, name, stats });
    takeMode(scope.context, stats.source);
    const answer = isUnsafeNow(scope.context, source.directory, { name, entry: stats.source });
    const unsafe = answer === false ? false : await answer;
    const presence = !isThere ? 'source' : isDirectory(stats.destination) ? 'directory' : 'both';
    const examined = examineEntry(scope, place, {
      named: { name, presence },
      source: stats.source,
      destination: presence === 'both' ? stats.destination : undefined,
      isUnsafe: unsafe,
    });
    if (examined !== undefined) await planEntry(scope, place, examined);
  } catch (error) {
    addCompareProblem(scope, place, { name, side: sideOf(error) ?? 'destination', error });
  } finally {
    releaseStats(stats);
  }
}

/** PERF: nothing is awaited without `--safe-links`. */
function isUnsafeNow(
  context: WorkerContext,
  directory: OpenDirectory,
  link: { readonly name: ByteString; readonly entry: Entry },
): Promise<boolean> | false {
  if (!context.settings.safeLinks) return false;
  return retryInDirectory(context, 'source', directory, (again) => isUnsafe(context, again, link));
}

interface Asked {
  readonly from: OpenDirectory;
  /** Undefined: the destination does not have the name. */
  readonly to: OpenDirectory | undefined;
  readonly name: ByteString;
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

function addCompareProblem(
  scope: PreparingScope,
  place: EntryPlace,
  { name, side, error }: { name: ByteString; side: Side; error: unknown },
): void {
  const path = childPath(place.sides.path, name);
  scope.findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
}
