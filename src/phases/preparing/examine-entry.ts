/** Compares the two sides of an entry by what statx told, and counts it. */
import type { ByteString } from '../../model/byte-string.ts';
import { refuseUncountable } from '../../filesystem/entry-stat.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isDirectory, isFile, isSymlink, type Entry } from '../../model/entry.ts';
import type { LeftAloneCause } from '../../model/tally.ts';
import { compareEntries, isWrittenAnyway, type CompareRule } from '../../policy/compare/compare.ts';
import {
  causeAtDestination,
  causeInSource,
  causeOfAbsence,
  causeOfOtherKind,
} from '../../policy/why-left-alone.ts';
import { needsReading } from './compare-deeply.ts';
import { countLeft, leaveAlone, leaveContent } from './leave-alone.ts';
import type { EntryPlace, PreparingScope } from './preparing-scope.ts';

export interface NamedEntry {
  readonly name: ByteString;
  /** Where the name is; `directory`: on both sides, a directory at the destination. */
  readonly presence: 'source' | 'both' | 'directory';
}

export interface ExaminedEntry {
  readonly name: ByteString;
  readonly source: Entry;
  readonly destination: Entry | undefined;
  readonly differences: Differences;
}

/** Undefined: nothing to do. @throws SystemError */
export function examineEntry(
  scope: PreparingScope,
  place: EntryPlace,
  stated: { named: NamedEntry; source: Entry; destination: Entry | undefined; isUnsafe: boolean },
): ExaminedEntry | undefined {
  const { settings, rule } = scope.context;
  const { named, source, destination } = stated;
  const { name } = named;
  if (isDirectory(source)) return becameDirectory(scope, place, named);
  place.fingerprints.add(name, source);
  countSource(scope, source);
  const cause = stated.isUnsafe ? 'unsafe' : causeInSource(source, settings);
  if (cause !== undefined) {
    skip(scope, place, { name, cause });
    return undefined;
  }
  const causeThere =
    named.presence === 'directory'
      ? causeOfOtherKind(settings)
      : causeAtDestination(source, destination, settings);
  if (causeThere !== undefined) {
    leaveAlone(scope, { fingerprints: place.fingerprints, name }, causeThere);
    return undefined;
  }
  refuseUncountable(source, name);
  const examined = {
    name,
    source,
    destination,
    differences: differencesOf(named, source, destination, rule),
  };
  if (examined.differences !== 0 || isWrittenAnyway(source, settings)) return examined;
  if (isLinked(examined) || needsReading(settings, source, 0)) return examined;
  if (settings.listUnchanged) return examined;
  leaveContent(scope, place.fingerprints, examined);
  return undefined;
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
function becameDirectory(
  scope: PreparingScope,
  place: EntryPlace,
  { name, presence }: NamedEntry,
): undefined {
  const { path, keepsExtraneous } = place.sides;
  const { settings } = scope.context;
  const cause = presence === 'source' ? causeOfAbsence(settings) : causeOfOtherKind(settings);
  if (presence !== 'directory' && cause !== undefined) {
    leaveAlone(scope, { fingerprints: place.fingerprints, name }, cause);
    return;
  }
  const sides = presence === 'directory' ? 'both' : 'source';
  scope.found({ path: childPath(path, name), sides, makesWay: false, keepsExtraneous });
  place.touch.isTouched = true;
}

function skip(
  scope: PreparingScope,
  place: EntryPlace,
  { name, cause }: { name: ByteString; cause: LeftAloneCause },
): void {
  countLeft(scope, cause);
  scope.decisions?.left(name, cause);
  if (cause === 'special') scope.findings.skipped.push(childPath(place.sides.path, name));
}

function countSource(scope: PreparingScope, source: Entry): void {
  const { counters, fileSizes } = scope.context;
  counters.add('sourceEntries', 1);
  if (isFile(source)) {
    counters.add('sourceFiles', 1);
    counters.add('sourceBytes', source.sizeBytes);
    fileSizes.preparing?.add(source.sizeBytes);
  } else counters.add(isSymlink(source) ? 'sourceSymlinks' : 'sourceSpecials', 1);
}
