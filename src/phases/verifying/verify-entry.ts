/** Compares one name's two sides completely: metadata from the server, content byte by byte. */
import { refuseUncountable, statName } from '../../filesystem/entry-stat.ts';
import { ENOENT, SystemError } from '../../filesystem/linux/system-error.ts';
import { snapshotOf } from '../../filesystem/linux/stat-buffer.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { isDirectory, isFile, type Entry } from '../../model/entry.ts';
import type { Side } from '../../model/task.ts';
import { compareEntries } from '../../policy/compare.ts';
import { isExemptFromVerification, isSkipped, unkeptDifferences } from '../../policy/decide-change.ts';
import { compareAttributes } from '../walking/compare-attributes.ts';
import { dropCaches } from '../walking/compare-content.ts';
import { retryInBoth } from '../walking/fresh-lookup.ts';
import { releaseStats, takeStats, type StatPair } from '../../filesystem/stat-pair.ts';
import { suspect, suspectUnread, type VerifyingUnit } from './unit.ts';
import {
  compareContent,
  isLarge,
  judge,
  namesOf,
  type BothEntries,
  type VerifyPlace,
} from './verify-content.ts';

/** Larger files are tasks of their own, for whichever worker is free. */
const LARGE_FILE_BYTES = 8 * 1024 * 1024;

/** @param isOwnTask the name was handed out alone */
export async function verifyEntry(
  unit: VerifyingUnit,
  place: VerifyPlace,
  isOwnTask: boolean,
): Promise<void> {
  const path = childPath(place.source.path, place.name);
  const stats = takeStats();
  const progress: { side: Side } = { side: 'source' };
  const { name } = place;
  try {
    await retryInBoth(unit.context, place, (source, destination) => {
      progress.side = 'source';
      return verifyNamed(unit, { source, destination, name }, { stats, progress, isOwnTask });
    });
  } catch (error) {
    suspectUnread(unit, error, { path, side: progress.side });
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
  unit: VerifyingUnit,
  place: VerifyPlace,
  { stats, progress, isOwnTask }: Verification,
): Promise<void> {
  const { source, destination } = stats;
  if (!(await statBoth(unit, place, { stats, progress }))) return;
  if (!isOwnTask && isFile(source) && source.sizeBytes > LARGE_FILE_BYTES) {
    unit.found({ path: place.source.path, sides: 'both', makesWay: false, only: place.name });
    return;
  }
  // It was listed as something else.
  if (!isOwnTask && isDirectory(source) && isDirectory(destination)) {
    unit.found({ path: childPath(place.source.path, place.name), sides: 'both', makesWay: false });
    return;
  }
  await compareBoth(unit, place, { path: childPath(place.source.path, place.name), source, destination });
}

/** False: there is nothing to compare. */
async function statBoth(
  unit: VerifyingUnit,
  { source, destination, name }: VerifyPlace,
  { stats, progress }: { stats: StatPair; progress: { side: Side } },
): Promise<boolean> {
  const { settings } = unit.context;
  const path = childPath(source.path, name);
  const fromSource = await statName(source, name, stats.source, 'server');
  if (fromSource === -ENOENT) {
    suspect(unit, { class: 'source vanished', path, detail: 'gone from the source since it was copied' });
    return false;
  }
  if (fromSource < 0) throw new SystemError(fromSource, 'statx', path);
  if (isSkipped(stats.source, settings)) return false;
  refuseUncountable(stats.source, path);
  progress.side = 'destination';
  const fromDestination = await statName(destination, name, stats.destination, 'server');
  if (fromDestination === -ENOENT) {
    if (settings.existingOnly) return false;
    suspectMissing(unit, path, stats.source);
    return false;
  }
  if (fromDestination < 0) throw new SystemError(fromDestination, 'statx', path);
  return !isExemptFromVerification(stats.source, stats.destination, settings);
}

export function suspectMissing(unit: VerifyingUnit, path: string, source: Entry): void {
  const detail = 'not at the destination';
  suspect(unit, { class: 'missing', path, differences: Difference.missing, detail, source });
}

async function compareBoth(unit: VerifyingUnit, place: VerifyPlace, both: BothEntries): Promise<void> {
  const { context } = unit;
  const { source, destination } = both;
  const unkept = unkeptDifferences(context.settings);
  let differences = compareEntries(source, destination, context.rule) & ~unkept;
  const names = namesOf(place);
  if ((differences & Difference.kind) === 0) differences |= await compareAttributes(context, names);
  if (isLarge(both, context.settings)) {
    await dropCaches(context, names);
    noteLinks(unit, place, both);
    unit.largeFiles.push({
      directoryPath: place.source.path,
      name: place.name,
      source: snapshotOf(source),
      destination: snapshotOf(destination),
      differences,
      preparedState: unit.preparedState,
    });
    return;
  }
  // PERF: what is added stands before the spread (compare-small.ts).
  const compared = { differences, ...both };
  const content = await compareContent(unit, names, compared);
  noteLinks(unit, place, both);
  judge(unit, compared, content);
}

/** Which names share an inode is compared when all of them are known. */
function noteLinks(unit: VerifyingUnit, place: VerifyPlace, { source, destination }: BothEntries): void {
  // Names that --ignore-existing left alone keep no group together.
  if (unit.context.settings.overwrite === 'never') return;
  if (source.linkCount <= 1 && destination.linkCount <= 1) return;
  unit.context.plan.link({
    directoryPath: place.source.path,
    change: { action: 'adjust', name: place.name, differences: 0, source },
    destinationInode: destination.inode,
    destinationDevice: destination.device,
    wasRefused: false,
  });
}
