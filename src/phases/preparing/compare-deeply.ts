/** Differences that only reading shows: link targets, content with `--checksum`, extended attributes. */
import { Difference, type Differences } from '../../model/change.ts';
import { isFile, isSymlink } from '../../model/entry.ts';
import { compareAttributes } from '../walking/compare-attributes.ts';
import { compareFiles, haveSameTarget } from '../walking/compare-content.ts';
import type { PreparingUnit } from './unit.ts';
import type { PreparedPair, StatedPair } from './pair.ts';

const ANEW = Difference.kind | Difference.size;

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
  const names = { sourceDirectory, destinationDirectory, name: stated.name };
  let differences = await compareAttributes(context, names);
  if ((stated.differences & ANEW) !== 0) return differences;
  if (needsTarget(unit, stated) && !(await haveSameTarget(names))) differences |= Difference.content;
  if (isFile(stated.source) && context.settings.checksum) {
    const comparison = await compareFiles(context, names, {
      source: stated.source,
      fromServer: false,
      onBytes: () => undefined,
    });
    if (!comparison.equal) differences |= Difference.content;
  }
  return differences;
}

/** The quick check serves symbolic links too: same length and mtime, same target. */
function needsTarget(unit: PreparingUnit, { source, differences }: StatedPair): boolean {
  const { settings } = unit.context;
  if (!isSymlink(source)) return false;
  return settings.checksum || !settings.preserve.mtime || (differences & Difference.mtime) !== 0;
}
