/** Compares the two sides of an entry by what statx told, and counts it. */
import { refuseUncountable } from '../../filesystem/entry-stat.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isDirectory, isFile, isSpecial, isSymlink, type Entry } from '../../model/entry.ts';
import { compareEntries, type CompareRule } from '../../policy/compare.ts';
import { isLeftAlone, isSkipped } from '../../policy/decide-change.ts';
import { needsReading } from './compare-deeply.ts';
import type { EntryPlace } from './pair.ts';
import type { PreparingUnit } from './unit.ts';

export interface NamedEntry {
  readonly name: string;
  /** Where the name is; `directory`: on both sides, a directory at the destination. */
  readonly presence: 'source' | 'both' | 'directory';
}

export interface ExaminedEntry {
  readonly name: string;
  readonly source: Entry;
  readonly destination: Entry | undefined;
  readonly differences: Differences;
}

/** Undefined: nothing to do. @throws SystemError */
export function examineEntry(
  unit: PreparingUnit,
  place: EntryPlace,
  stated: { named: NamedEntry; source: Entry; destination: Entry | undefined },
): ExaminedEntry | undefined {
  const { settings, rule } = unit.context;
  const { named, source, destination } = stated;
  const { name } = named;
  if (isDirectory(source)) return becameDirectory(unit, place, named);
  place.fingerprints.add(name, source);
  countSource(unit, source);
  const isUntouched =
    named.presence === 'directory'
      ? settings.overwrite === 'never'
      : isLeftAlone(source, destination, settings);
  if (isUntouched || isSkipped(source, settings)) {
    skip(unit, place, { name, source });
    return undefined;
  }
  refuseUncountable(source, name);
  const examined = {
    name,
    source,
    destination,
    differences: differencesOf(named, source, destination, rule),
  };
  const isDone = examined.differences === 0 && !isLinked(examined) && !needsReading(settings, source);
  return isDone ? undefined : examined;
}

function differencesOf(
  { presence }: NamedEntry,
  source: Entry,
  destination: Entry | undefined,
  rule: CompareRule,
): Differences {
  if (presence === 'directory') return Difference.kind;
  return destination === undefined ? Difference.missing : compareEntries(source, destination, rule);
}

/** Either side shares its inode with other names: what to do is decided when all of them are known. */
export function isLinked({ source, destination }: ExaminedEntry): boolean {
  return source.linkCount > 1 || (destination !== undefined && destination.linkCount > 1);
}

/** It was no directory when the one above was listed. */
function becameDirectory(unit: PreparingUnit, place: EntryPlace, { name, presence }: NamedEntry): undefined {
  const { path, keepsExtraneous } = place.pair;
  const sides = presence === 'directory' ? 'both' : 'source';
  unit.found({ path: childPath(path, name), sides, makesWay: false, keepsExtraneous });
  place.touch.isTouched = true;
}

function skip(
  unit: PreparingUnit,
  place: EntryPlace,
  { name, source }: { name: string; source: Entry },
): void {
  unit.context.counters.add('skippedEntries', 1);
  if (!isSpecial(source) || !isSkipped(source, unit.context.settings)) return;
  unit.findings.skipped.push(childPath(place.pair.path, name));
}

function countSource(unit: PreparingUnit, source: Entry): void {
  const { counters, fileSizes } = unit.context;
  counters.add('sourceEntries', 1);
  if (isFile(source)) {
    counters.add('sourceFiles', 1);
    counters.add('sourceBytes', source.sizeBytes);
    fileSizes.preparing?.add(source.sizeBytes);
  } else counters.add(isSymlink(source) ? 'sourceSymlinks' : 'sourceSpecials', 1);
}
