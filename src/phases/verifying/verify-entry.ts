/** Compares one name's two sides completely: metadata from the server, content byte by byte. */
import {
  takeStats,
  refuseUncountable,
  releaseStats,
  statName,
  type StatPair,
} from '../../filesystem/entry-stat.ts';
import { ENOENT, SystemError } from '../../linux/system-error.ts';
import { snapshotOf } from '../../linux/stat-buffer.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isDirectory, isFile } from '../../model/entry.ts';
import type { Side } from '../../model/task.ts';
import { compareEntries, unkeptDifferences } from '../../policy/compare/compare.ts';
import { countTimes, compareAttributes, keptByOthers } from '../../engine/compare/compare-metadata.ts';
import { asksDestination, causeInSource, causeOfAbsence } from '../../policy/why-left-alone.ts';
import { wasReadLater } from '../../policy/compare/timestamps.ts';
import { isUnsafe } from '../../engine/compare/unsafe-links.ts';
import { takeMode } from '../../engine/context/compare-rule.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { dropCaches } from '../../engine/compare/compare-content.ts';
import { retryInBoth } from '../../engine/march/fresh-lookup.ts';
import {
  type ComparedName,
  countOtherOwner,
  countUnjudged,
  isLeftUnread,
  unjudgedOf,
  wasLeft,
} from './leave-unjudged.ts';
import { missingTask } from './count-missing.ts';
import { suspect, suspectMissing, suspectUnread, type VerifyingScope } from './verifying-scope.ts';
import {
  type BothEntries,
  compareContent,
  type ComparedEntries,
  isLarge,
  judge,
  namesOf,
  type VerifyPlace,
} from './verify-content.ts';

/** Larger files are tasks of their own, for whichever worker is free. */
const LARGE_FILE_BYTES = 8 * 1024 * 1024;

const OWNERS = Difference.uid | Difference.gid;

/** @param isOwnTask the name was handed out alone */
export async function verifyEntry(
  scope: VerifyingScope,
  place: VerifyPlace,
  isOwnTask: boolean,
): Promise<void> {
  const path = childPath(place.source.path, place.name);
  const stats = takeStats();
  const progress: { side: Side } = { side: 'source' };
  const { name } = place;
  try {
    await retryInBoth(scope.context, place, (source, destination) => {
      progress.side = 'source';
      return verifyNamed(scope, { source, destination, name }, { stats, progress, isOwnTask });
    });
  } catch (error) {
    suspectUnread(scope, error, { path, side: progress.side });
  } finally {
    releaseStats(stats);
  }
}

interface Verification {
  readonly stats: StatPair;
  readonly progress: { side: Side };
  readonly isOwnTask: boolean;
}

/** Nothing is counted or said before the last call that may fail. @throws SystemError */
async function verifyNamed(
  scope: VerifyingScope,
  place: VerifyPlace,
  { stats, progress, isOwnTask }: Verification,
): Promise<void> {
  const { source, destination } = stats;
  if (!(await statBoth(scope, place, { stats, progress }))) return;
  if (asksDestination(scope.context.settings) && isLeftUnread(scope, comparedAt(place, stats))) return;
  if (!isOwnTask && isFile(source) && source.sizeBytes > LARGE_FILE_BYTES) {
    scope.found({ path: place.source.path, sides: 'both', makesWay: false, only: place.name });
    return;
  }
  // It was listed as something else.
  if (!isOwnTask && isDirectory(source) && isDirectory(destination)) {
    scope.found({ path: childPath(place.source.path, place.name), sides: 'both', makesWay: false });
    return;
  }
  await compareBoth(scope, place, { path: childPath(place.source.path, place.name), source, destination });
}

/** False: there is nothing to compare. */
async function statBoth(
  scope: VerifyingScope,
  { source, destination, name }: VerifyPlace,
  { stats, progress }: { stats: StatPair; progress: { side: Side } },
): Promise<boolean> {
  const { settings } = scope.context;
  const path = childPath(source.path, name);
  const fromSource = await statName(source, name, stats.source, 'server');
  if (fromSource === -ENOENT) {
    suspect(scope, { class: 'source vanished', path, detail: 'gone from the source since the copy' });
    return false;
  }
  if (fromSource < 0) throw new SystemError(fromSource, 'statx', path);
  takeMode(scope.context, stats.source);
  const { safeLinks } = settings;
  const isLeft = safeLinks && (await isUnsafe(scope.context, source, { name, entry: stats.source }));
  const cause = isLeft ? 'unsafe' : causeInSource(stats.source, settings);
  if (cause !== undefined) {
    countUnjudged(scope, cause);
    return false;
  }
  refuseUncountable(stats.source, path);
  progress.side = 'destination';
  const fromDestination = await statName(destination, name, stats.destination, 'server');
  if (fromDestination === -ENOENT) {
    const causeThere = causeOfAbsence(settings);
    if (causeThere !== undefined && wasLeft(scope, source.path, name)) countUnjudged(scope, causeThere);
    else if (isDirectory(stats.source)) scope.found(missingTask(path));
    else suspectMissing(scope, path, stats.source);
    return false;
  }
  if (fromDestination < 0) throw new SystemError(fromDestination, 'statx', path);
  return true;
}

async function compareBoth(scope: VerifyingScope, place: VerifyPlace, both: BothEntries): Promise<void> {
  const { context } = scope;
  const { source, destination } = both;
  const fromStat = compareEntries(source, destination, context.rule);
  countTimes(context, 'verifying', fromStat);
  const ofOthers = keptByOthers(context, destination, fromStat);
  if (ofOthers !== 0) context.counters.add('entriesOfOthers', 1);
  const unkept = unkeptDifferences(context.settings) | movedByReading(context, both) | ofOthers;
  const unjudged = asksDestination(context.settings)
    ? unjudgedOf(scope, comparedAt(place, both), fromStat)
    : 0;
  let differences = fromStat & ~unkept;
  const names = namesOf(place);
  if ((differences & Difference.kind) === 0) differences |= await compareAttributes(context, names);
  if (isLarge(both, context.settings)) {
    await dropCaches(context, names);
    noteJudged(scope, place, { unjudged, ...both });
    scope.largeFiles.push({
      directoryPath: place.source.path,
      name: place.name,
      source: snapshotOf(source),
      destination: snapshotOf(destination),
      differences,
      unjudged,
      preparedState: scope.preparedState,
    });
    return;
  }
  // PERF: what is added stands before the spread (compare-contents.ts).
  const compared = { differences, unjudged, ...both };
  const content = await compareContent(scope, names, compared);
  noteJudged(scope, place, compared);
  judge(scope, compared, content);
}

function comparedAt(
  { source: { path: directoryPath }, name }: VerifyPlace,
  { source, destination }: StatPair | BothEntries,
): ComparedName {
  return { directoryPath, name, source, destination };
}

/** What counts besides the comparison, once nothing can fail any more. */
function noteJudged(
  scope: VerifyingScope,
  place: VerifyPlace,
  both: BothEntries & Pick<ComparedEntries, 'unjudged'>,
): void {
  if ((both.unjudged & Difference.linkGroup) === 0) noteLinks(scope, place, both);
  if ((both.unjudged & OWNERS) === 0) countOtherOwner(scope, both.source, both.destination);
}

/**
 * The run has read both files: a server moves their access times whatever flags they are opened with. Local ones
 * are as they were set, but for a source that others have read or own.
 */
function movedByReading({ settings, setup }: WorkerContext, both: BothEntries): Differences {
  if (!settings.preserve.atime || !setup.mayWrite) return 0;
  const { source, destination } = both;
  const isMoved = setup.source.isRemote || setup.destination.isRemote || wasReadLater(source, destination);
  return isMoved ? Difference.atime : 0;
}

/** Which names share an inode is compared when all of them are known; those left alone keep no group together. */
function noteLinks(scope: VerifyingScope, place: VerifyPlace, { source, destination }: BothEntries): void {
  if (source.linkCount <= 1 && destination.linkCount <= 1) return;
  scope.context.plan.link({
    directoryPath: place.source.path,
    change: { action: 'adjust', name: place.name, differences: 0, source },
    destinationInode: destination.inode,
    destinationDevice: destination.device,
    wasRefused: false,
  });
}
