/** What of a directory takes part: without spared and excluded names, dead ends, other file systems and taken names. */
import type { ByteString } from '../../model/byte-string.ts';
import { EMPTY_LISTING, type Listing } from '../../filesystem/list-directory.ts';
import { childPath } from '../../filesystem/root.ts';
import type { DirectoryTask } from '../messages/directory-task.ts';
import { followWays } from './dead-ends.ts';
import { keptListing, withoutEmpty } from './empty-directories.ts';
import type { OpenSide } from './open-side.ts';
import { isSparedName, NOTHING_SPARED, type Spared } from './spare.ts';
import { includesName, listsName, withoutNames } from './sorted-names.ts';
import { taggedInSource } from './tagged-directories.ts';
import { findSpellings, type Spellings } from './spellings.ts';
import type { Sides, SourceSide, Visitor } from './visitor.ts';

export function sidesOf<D extends OpenSide>(
  { path, rank, missingFrom, keepsExtraneous }: DirectoryTask,
  { source, destination, isOtherKind }: Pick<Sides<D>, 'source' | 'destination' | 'isOtherKind'>,
): Sides<D> {
  return {
    path,
    source: withoutSparedOf(source, destination),
    destination: destination && withinFileSystem(source, withoutSparedOf(destination, source)),
    keepsExtraneous:
      keepsExtraneous === true || source.listing.incomplete !== undefined || destination?.isOutside === true,
    isOtherKind,
    rank,
    missingFrom,
  };
}

interface ListedSide {
  readonly listing: Listing;
  readonly spared: Spared;
}

/** A name that takes no part on one side takes none on the other. */
function withoutSparedOf<S extends ListedSide>(side: S, other: ListedSide | undefined): S {
  const { names } = other?.spared ?? NOTHING_SPARED;
  return names.length === 0 ? side : { ...side, listing: withoutNames(side.listing, names) };
}

/** `--one-file-system`: a mount point is a directory whose contents are not looked at. */
function withinFileSystem<D extends OpenSide>({ isOutside }: SourceSide, destination: D): D {
  return isOutside ? { ...destination, listing: EMPTY_LISTING } : destination;
}

export interface TakingPart<D extends OpenSide> {
  readonly sides: Sides<D>;
  /** Undefined: the destination lists every name of the source, or the visitor makes none. */
  readonly spellings: Spellings | undefined;
}

/** Undefined: the directory leads to nothing that `--files-from` lists. */
export async function takePart<D extends OpenSide>(
  visitor: Visitor<D>,
  given: Sides<D>,
): Promise<TakingPart<D> | undefined> {
  reportIncomplete(visitor, given);
  const listed = await withoutDeadEnds(visitor, given);
  if (listed === undefined) return undefined;
  if (listed.source.isOutside) visitor.left?.('outside', 1);
  const kept = await withoutEmpty(visitor, await withoutTagged(visitor, withoutExcluded(visitor, listed)));
  // PERF: folding costs a normalization per name.
  if (kept.destination === undefined && visitor.makesNames !== true) {
    return { sides: kept, spellings: undefined };
  }
  const spellings = await findSpellings(visitor.context, {
    source: keptOrProtected(visitor, kept, listed.source.listing),
    kept: kept.source.listing,
    destination: kept.destination,
    isThorough: visitor.looksUpEveryName === true,
  });
  if (spellings === undefined) return { sides: kept, spellings };
  reportSpellings(visitor, kept.path, spellings);
  return { sides: spelled(kept, spellings), spellings };
}

function reportIncomplete(visitor: Visitor, { path, source, destination }: Sides): void {
  // A directory that could not be opened was reported then.
  const ofSource = source.directory && source.listing.incomplete;
  if (ofSource !== undefined) visitor.failed(ofSource, { side: 'source', path, attempt: 'list' });
  const ofDestination = destination?.listing.incomplete;
  if (ofDestination !== undefined) {
    visitor.failed(ofDestination, { side: 'destination', path, attempt: 'list' });
  }
}

async function withoutDeadEnds<D extends OpenSide>(
  visitor: Visitor<D>,
  sides: Sides<D>,
): Promise<Sides<D> | undefined> {
  const { context } = visitor;
  if (context.selection === undefined) return sides;
  const { path, source } = sides;
  const isSpared = (name: ByteString): boolean => isSparedName(context, sides, name);
  const { listing, unfound, isDeadEnd } = await followWays(context, {
    path,
    listing: source.listing,
    isSpared,
  });
  for (const each of unfound) visitor.unfound(each.path, each.error);
  return isDeadEnd ? undefined : { ...sides, source: { ...source, listing } };
}

/** The source as if it held nothing that a rule excludes. */
function withoutExcluded<D extends OpenSide>(visitor: Visitor<D>, sides: Sides<D>): Sides<D> {
  const { selection } = visitor.context;
  const { filter } = sides.source;
  if (filter === undefined) return sides;
  const { directories, others } = sides.source.listing;
  const listing = keptListing({ filter, selection }, sides.path, sides.source.listing);
  const excluded = directories.length + others.length - listing.directories.length - listing.others.length;
  if (excluded === 0) return sides;
  visitor.left?.('excluded', excluded);
  return { ...sides, source: { ...sides.source, listing } };
}

/** As if its directories that a file in them leaves out were not there. */
async function withoutTagged<D extends OpenSide>(visitor: Visitor<D>, sides: Sides<D>): Promise<Sides<D>> {
  const { path, source } = sides;
  const tagged = await taggedInSource(visitor, path, source.listing.directories);
  if (tagged.length === 0) return sides;
  visitor.left?.('excluded', tagged.length);
  return { ...sides, source: { ...source, listing: withoutNames(source.listing, tagged), tagged } };
}

/** What stays at the destination: what is synced, and what its rules protect there. */
function keptOrProtected(
  { context }: Pick<Visitor, 'context'>,
  { path, source, destination }: Sides,
  listed: Listing,
): Listing {
  const tagged = context.settings.deleteExcluded ? [] : (source.tagged ?? []);
  const isSame = destination === undefined || (destination.filter === source.filter && !source.tagged);
  if (isSame || source.listing === listed) return listed;
  const isProtected = (name: ByteString, isDirectory: boolean): boolean =>
    listsName(source.listing, name) ||
    includesName(tagged, name) ||
    // Not counted as a match: extraneous names are asked about later.
    destination.filter?.ruleFor(childPath(path, name), isDirectory)?.action === 'exclude';
  return {
    directories: listed.directories.filter((name) => isProtected(name, true)),
    others: listed.others.filter((name) => isProtected(name, false)),
    incomplete: listed.incomplete,
  };
}

function reportSpellings(visitor: Visitor, directoryPath: ByteString, { taken, failures }: Spellings): void {
  for (const { name, takenFor } of taken) visitor.taken?.(childPath(directoryPath, name), takenFor);
  for (const { name, error } of failures) {
    const path = childPath(directoryPath, name);
    visitor.failed(error, { side: 'destination', path, attempt: 'compare' });
  }
}

function spelled<D extends OpenSide>(sides: Sides<D>, spellings: Spellings): Sides<D> {
  const { source, destination } = sides;
  return {
    ...sides,
    // What could not be looked up may be any of the names that are to go.
    keepsExtraneous: sides.keepsExtraneous || spellings.failures.length > 0,
    source: { ...source, listing: spellings.kept },
    destination: destination && { ...destination, listing: spellings.destination ?? destination.listing },
  };
}
