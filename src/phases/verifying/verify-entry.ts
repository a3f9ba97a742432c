/** Compares one name's two sides completely: metadata from the server, content byte by byte. */
import { readEntry, statName } from '../../filesystem/entry-stat.ts';
import { ENOENT, SystemError } from '../../filesystem/linux/system-error.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isFile, isSymlink, type Entry } from '../../model/entry.ts';
import type { Side } from '../../model/task.ts';
import { compareEntries } from '../../policy/compare.ts';
import { isExemptFromVerification, isSkipped, unkeptDifferences } from '../../policy/decide-change.ts';
import { describeDifferences, judgeDifferences } from '../../policy/judge.ts';
import { isSameVersion } from '../../policy/same-version.ts';
import { compareAttributes } from '../walking/compare-attributes.ts';
import { compareFiles, haveSameTarget } from '../walking/compare-content.ts';
import { releaseStats, takeStats, type StatPair } from '../../filesystem/stat-pair.ts';
import { suspect, suspectUnread, type VerifyingUnit } from './unit.ts';

export interface VerifyPlace {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
  readonly name: string;
}

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
  try {
    if (!(await statBoth(unit, place, { stats, progress }))) return;
    if (!isOwnTask && isFile(stats.source) && stats.source.sizeBytes > LARGE_FILE_BYTES) {
      unit.found({ path: place.source.path, sides: 'both', makesWay: false, only: place.name });
      return;
    }
    await compareBoth(unit, place, { path, source: stats.source, destination: stats.destination });
  } catch (error) {
    suspectUnread(unit, error, { path, side: progress.side });
  } finally {
    releaseStats(stats);
  }
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

interface BothEntries {
  readonly path: string;
  readonly source: Entry;
  readonly destination: Entry;
}

async function compareBoth(unit: VerifyingUnit, place: VerifyPlace, both: BothEntries): Promise<void> {
  const { context } = unit;
  const { path, source, destination } = both;
  const unkept = unkeptDifferences(context.settings);
  let differences = compareEntries(source, destination, context.rule) & ~unkept;
  const names = {
    sourceDirectory: place.source,
    destinationDirectory: place.destination,
    name: place.name,
  };
  if ((differences & Difference.kind) === 0) differences |= await compareAttributes(context, names);
  noteLinks(unit, place, both);
  const content = await compareContent(unit, place, { ...both, differences });
  context.counters.add('entriesVerified', 1);
  if (content === 'source changed') {
    const detail = 'it changed while it was verified';
    suspect(unit, { class: 'source changed', path, detail, source });
    return;
  }
  differences |= content.differences;
  if (differences === 0) return;
  suspect(unit, {
    class: judgeDifferences(differences),
    path,
    differences,
    detail: describeDifferences(differences, source, destination),
    source,
    ...(content.digests && { digests: content.digests }),
  });
}

interface ContentResult {
  readonly differences: Differences;
  readonly digests?: { readonly source: string; readonly destination: string };
}

async function compareContent(
  unit: VerifyingUnit,
  place: VerifyPlace,
  { source, differences }: BothEntries & { differences: Differences },
): Promise<ContentResult | 'source changed'> {
  const { context } = unit;
  if ((differences & Difference.kind) !== 0) return { differences: 0 };
  const names = {
    sourceDirectory: place.source,
    destinationDirectory: place.destination,
    name: place.name,
  };
  if (isSymlink(source)) {
    return { differences: (await haveSameTarget(names)) ? 0 : Difference.content };
  }
  if (!isFile(source)) return { differences: 0 };
  const comparison = await compareFiles(context, names, {
    source,
    fromServer: true,
    onBytes: (count) => context.counters.add('bytesVerified', count),
  });
  context.counters.add('filesVerified', 1);
  if (comparison.equal) return { differences: 0 };
  const after = await readEntry(place.source, place.name);
  if (!isSameVersion(source, after)) return 'source changed';
  const digests = { source: comparison.sourceDigest, destination: comparison.destinationDigest };
  return { differences: Difference.content, digests };
}

/** Which names share an inode is compared when all of them are known. */
function noteLinks(unit: VerifyingUnit, place: VerifyPlace, { source, destination }: BothEntries): void {
  // Names that --ignore-existing left alone keep no group together.
  if (unit.context.settings.overwrite === 'never') return;
  if (source.linkCount <= 1 && destination.linkCount <= 1) return;
  unit.context.plan.link({
    directoryPath: place.source.path,
    isDirectoryNew: false,
    change: { action: 'adjust', name: place.name, differences: 0, source },
    destinationInode: destination.inode,
    destinationDevice: destination.device,
  });
}
