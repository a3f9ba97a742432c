/** Differences that only reading shows: link targets, content with `--checksum`, extended attributes. */
import { Difference, type Differences } from '../../model/change.ts';
import { isFile, isSymlink, type Entry } from '../../model/entry.ts';
import type { Settings } from '../../model/settings.ts';
import { isSplit } from '../../policy/byte-ranges.ts';
import { compareAttributes, type NamePair } from '../walking/compare-attributes.ts';
import { compareFiles, haveSameTarget } from '../walking/compare-content.ts';
import { retryInBoth } from '../walking/fresh-lookup.ts';
import type { PreparingUnit } from './unit.ts';
import type { PreparedPair, StatedPair } from './pair.ts';

/** Whether statx may not have told all there is to know of an entry that both sides have. */
export function needsReading({ checksum, preserve }: Settings, source: Entry): boolean {
  return isSymlink(source) || checksum || preserve.xattr || preserve.acl;
}

/** `--checksum`: the content of a large file is compared when its directory is done, by all workers. */
export function isForAllWorkers({ context }: PreparingUnit, stated: StatedPair): boolean {
  const { source, differences } = stated;
  const isComparable = (differences & (Difference.kind | Difference.size)) === 0;
  return context.settings.checksum && isComparable && isFile(source) && isSplit(source.sizeBytes);
}

/** What to add to the differences statx told. Nothing is read where the entry is made anew anyway. */
export async function compareDeeply(
  unit: PreparingUnit,
  pair: PreparedPair,
  stated: StatedPair,
): Promise<Differences> {
  const { context } = unit;
  const sourceDirectory = pair.source.directory;
  const destinationDirectory = pair.destination?.directory;
  if (sourceDirectory === undefined || destinationDirectory === undefined) return 0;
  if ((stated.differences & Difference.kind) !== 0) return 0;
  return retryInBoth(
    context,
    { source: sourceDirectory, destination: destinationDirectory },
    (source, destination) =>
      compareNames(
        unit,
        { sourceDirectory: source, destinationDirectory: destination, name: stated.name },
        stated,
      ),
  );
}

async function compareNames(unit: PreparingUnit, names: NamePair, stated: StatedPair): Promise<Differences> {
  const { context } = unit;
  let differences = await compareAttributes(context, names, stated.differences);
  const isChecksummed = isFile(stated.source) && context.settings.checksum;
  if ((stated.differences & Difference.size) !== 0) {
    // Another length is another content; rsync's letters say both.
    return isChecksummed ? differences | Difference.content : differences;
  }
  // As in rsync, no quick check: the target is read.
  if (isSymlink(stated.source) && !(await haveSameTarget(names))) differences |= Difference.content;
  if (isChecksummed && !isForAllWorkers(unit, stated)) {
    const comparison = await compareFiles(context, names, {
      source: stated.source,
      fromServer: false,
      onBytes: () => context.heartbeat.beat(),
    });
    if (!comparison.equal) differences |= Difference.content;
  }
  return differences;
}
