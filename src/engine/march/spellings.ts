/**
 * How the destination spells the source's names, where it takes two spellings for one name: it may fold case, store
 * another Unicode form, or drop dots and blanks at the end. From here on both listings have the source's spelling.
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { Listing } from '../../filesystem/list-directory.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { SystemError } from '../../linux/system-error.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { foldedName } from '../../policy/names/folded-name.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { retryInDirectory } from './fresh-lookup.ts';
import type { Respelling } from '../plan/records.ts';
import type { Rank } from '../messages/directory-task.ts';
import { groupByFolding, listedAlike, namesAlike, type FoldedNames, findSameFile } from './alike-names.ts';
import { isThere } from '../../filesystem/entry-stat.ts';
import { includesName, listsName, unlistedNames, withoutNames } from './sorted-names.ts';

/** A name of the source that the destination takes for another one of the source. */
export interface TakenName {
  readonly name: ByteString;
  readonly takenFor: ByteString;
}

export interface Spellings {
  /** What takes part, without the names that are taken for others. */
  readonly kept: Listing;
  /** As the source spells its names. */
  readonly destination: Listing | undefined;
  readonly respelled: readonly Respelling[];
  readonly taken: readonly TakenName[];
  readonly rivals: ReadonlyMap<string, Rank>;
  /** Lookups that failed: which of the listed names they would have led to is not known. */
  readonly failures: readonly FailedLookup[];
}

interface FailedLookup {
  readonly name: ByteString;
  readonly error: SystemError;
}

interface SpelledDirectory {
  readonly directory: OpenDirectory;
  readonly listing: Listing;
}

export interface SpelledSides {
  /** Also what a rule excludes: what it leads to at the destination is excluded too. */
  readonly source: Listing;
  readonly kept: Listing;
  readonly destination: SpelledDirectory | undefined;
  /** Verifying: also names that fold to none listed are looked up; it asks for them anyway. */
  readonly isThorough: boolean;
}

/**
 * A name that the destination lists costs nothing. Of the others only those are looked up that fold to a listed one:
 * nothing but a lookup knows what the file system does, and a tree without twins has none to make. Undefined: all
 * names are listed.
 */
export async function findSpellings(
  context: WorkerContext,
  sides: SpelledSides,
): Promise<Spellings | undefined> {
  const { source, kept, destination } = sides;
  const unlisted = unlistedNames(source, destination?.listing);
  if (unlisted.length === 0) return undefined;
  const folded = groupByFolding(unlisted);
  if (destination === undefined) {
    const rivals = rivalsIn(kept, folded);
    return { kept, destination: undefined, respelled: [], taken: [], rivals, failures: [] };
  }
  const { claims, found, failures } = await lookUpFolded(
    context,
    { destination, isThorough: sides.isThorough },
    folded,
  );
  const settled = settleClaims({ source, kept, destination: destination.listing }, claims);
  const rivals = rivalsIn(kept, folded, found);
  // Whatever such a name may lead to is not replaced.
  for (const { name } of failures) rivals.set(name, 'later');
  return { rivals, failures, ...settled };
}

function rivalsIn(kept: Listing, folded: FoldedNames, found?: ReadonlySet<string>): Map<string, Rank> {
  const rivals = new Map<string, Rank>();
  for (const names of folded.values()) {
    if (typeof names === 'string') continue;
    const missing = names.filter((name) => listsName(kept, name) && found?.has(name) !== true);
    if (missing.length < 2) continue;
    for (const [index, name] of inPrecedence(kept, missing).entries()) {
      rivals.set(name, index === 0 ? 'first' : 'later');
    }
  }
  return rivals;
}

/** A directory, in which there may be much, before a file; then in byte order. */
function inPrecedence({ directories }: Listing, names: readonly ByteString[]): string[] {
  const isDirectory = (name: ByteString): boolean => includesName(directories, name);
  const inOrder = names.toSorted();
  return [...inOrder.filter(isDirectory), ...inOrder.filter((name) => !isDirectory(name))];
}

interface Lookups {
  /** Listed names, and the unlisted ones that lead to them. */
  readonly claims: ReadonlyMap<string, readonly [string, ...string[]]>;
  /** All that the destination has, though it does not list them. */
  readonly found: ReadonlySet<string>;
  readonly failures: readonly FailedLookup[];
}

async function lookUpFolded(
  context: WorkerContext,
  { destination, isThorough }: { destination: SpelledDirectory; isThorough: boolean },
  folded: FoldedNames,
): Promise<Lookups> {
  const { directory, listing } = destination;
  const claims = new Map<string, [string, ...string[]]>();
  const found = new Set<string>();
  const failures: FailedLookup[] = [];
  const alike = listedAlike(folded, listing);
  const wanted = isThorough ? [...folded.values()].flat() : namesAlike(folded, alike);
  await forEachLane(wanted, context.laneCount, async (name) => {
    if (context.stop.isRaised) return;
    const listed = alike.get(foldedName(name));
    try {
      const lookup = await lookUp(context, directory, name, listed ?? listing);
      if (lookup === undefined) return;
      found.add(name);
      if (lookup.listed !== undefined)
        claims.set(lookup.listed, [name, ...(claims.get(lookup.listed) ?? [])]);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      failures.push({ name, error });
    }
  });
  return { claims, found, failures };
}

/** Undefined: the destination has no such name. @throws SystemError */
async function lookUp(
  context: WorkerContext,
  directory: OpenDirectory,
  name: ByteString,
  listed: readonly string[] | Listing,
): Promise<{ listed: string | undefined } | undefined> {
  return retryInDirectory(context, 'destination', directory, async (within) => {
    const stat = new StatBuffer();
    if (!(await isThere(within, name, stat))) return undefined;
    const names = 'others' in listed ? [...listed.directories, ...listed.others] : listed;
    return { listed: await findSameFile(within, stat, names) };
  });
}

/**
 * A name that the destination lists as it is in the source keeps its place; else the first has it, see below.
 * So the same one survives each run, and none that is copied gives way to a twin that came later.
 */
function settleClaims(
  { source, kept, destination }: { source: Listing; kept: Listing; destination: Listing },
  claims: Lookups['claims'],
): Omit<Spellings, 'rivals' | 'failures'> {
  const respelled: Respelling[] = [];
  const excluded: Respelling[] = [];
  const taken: TakenName[] = [];
  for (const [listed, names] of claims) {
    const takesPart = inPrecedence(
      kept,
      names.filter((name) => listsName(kept, name)),
    );
    const isExact = listsName(source, listed);
    const takenFor = isExact ? listed : (takesPart.shift() ?? names[0]);
    if (!isExact) (listsName(kept, takenFor) ? respelled : excluded).push({ listed, name: takenFor });
    for (const name of takesPart) taken.push({ name, takenFor });
  }
  return {
    kept: withoutNames(kept, taken.map(({ name }) => name).toSorted()),
    destination: respell(destination, [...respelled, ...excluded]),
    respelled,
    taken,
  };
}

function respell(listing: Listing, respelled: readonly Respelling[]): Listing {
  if (respelled.length === 0) return listing;
  const byListed = new Map(respelled.map(({ listed, name }) => [listed, name]));
  const spelled = (names: readonly ByteString[]): string[] =>
    names.map((name) => byListed.get(name) ?? name).toSorted();
  const { directories, others, incomplete } = listing;
  return { directories: spelled(directories), others: spelled(others), incomplete };
}
