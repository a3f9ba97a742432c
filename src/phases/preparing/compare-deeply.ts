/** Differences that only reading shows: link targets, content with `--checksum`, extended attributes. */
import { Difference, type Differences } from '../../model/change.ts';
import { isFile, isSymlink, type Entry } from '../../model/entry.ts';
import type { Settings } from '../../model/settings.ts';
import { isWrittenAnyway } from '../../policy/compare/compare.ts';
import { isSplit } from '../../policy/compare/byte-ranges.ts';
import { compareAttributes, type NamePair } from '../../engine/compare/compare-metadata.ts';
import { compareFiles, compareRange, haveSameTarget } from '../../engine/compare/compare-content.ts';
import { retryInBoth } from '../../engine/march/fresh-lookup.ts';
import type { PreparingScope, PreparedSides, StatedPair } from './preparing-scope.ts';

/** Whether statx may not have told all there is to know of an entry that both sides have. */
export function needsReading(settings: Settings, source: Entry, differences: Differences): boolean {
  const { xattr, acl } = settings.preserve;
  return isSymlink(source) || xattr || acl || comparesContent(settings, source, differences);
}

/** `--checksum`, or the quick check cannot tell. */
function comparesContent(settings: Settings, source: Entry, differences: Differences): boolean {
  const { checksum, sizeOnly } = settings;
  if (isWrittenAnyway(source, settings)) return false;
  const isUntold = (differences & Difference.unkeepableTime) !== 0 && !sizeOnly;
  return isFile(source) && (checksum || isUntold);
}

/** The content of a large file is compared when its directory is done, by all workers. */
export function isForAllWorkers({ context }: PreparingScope, stated: StatedPair): boolean {
  const { source, differences } = stated;
  const isComparable = (differences & (Difference.kind | Difference.size)) === 0;
  return isComparable && isSplit(source.sizeBytes) && comparesContent(context.settings, source, differences);
}

/** What to add to the differences statx told. Nothing is read where the entry is made anew anyway. */
export async function compareDeeply(
  scope: PreparingScope,
  sides: PreparedSides,
  stated: StatedPair,
): Promise<Differences> {
  const { context } = scope;
  const sourceDirectory = sides.source.directory;
  const destinationDirectory = sides.destination?.directory;
  if (sourceDirectory === undefined || destinationDirectory === undefined) return 0;
  if ((stated.differences & Difference.kind) !== 0) return 0;
  return retryInBoth(
    context,
    { source: sourceDirectory, destination: destinationDirectory },
    (source, destination) =>
      compareNames(
        scope,
        { sourceDirectory: source, destinationDirectory: destination, name: stated.name },
        stated,
      ),
  );
}

async function compareNames(
  scope: PreparingScope,
  names: NamePair,
  stated: StatedPair,
): Promise<Differences> {
  const { context } = scope;
  let differences = await compareAttributes(context, names, stated.differences);
  const isCompared = comparesContent(context.settings, stated.source, stated.differences);
  if ((stated.differences & Difference.size) !== 0) {
    // Another length is another content; rsync's letters say both.
    return isCompared ? differences | Difference.content : differences;
  }
  // As in rsync, no quick check: the target is read.
  if (isSymlink(stated.source) && !(await haveSameTarget(names))) differences |= Difference.content;
  if (isCompared && !isForAllWorkers(scope, stated) && !(await haveSameContent(scope, names, stated))) {
    differences |= Difference.content;
  }
  return differences;
}

async function haveSameContent(
  { context }: PreparingScope,
  names: NamePair,
  { source, destination }: StatedPair,
): Promise<boolean> {
  const onBytes = (): void => context.heartbeat.beat();
  if (context.settings.checksum) {
    const plan = { source, destination, fromServer: false, needsDigests: false, onBytes };
    return (await compareFiles(context, names, plan)).equal;
  }
  // Digests are at hand with --checksum only (load-digests.ts).
  const { sizeBytes, blocks } = source;
  return compareRange(context, names, { sizeBytes, blocks, range: { offset: 0, end: Infinity }, onBytes });
}
