/**
 * The one walk of two trees: opens and lists a directory on both sides, leaves out what takes no part, joins the
 * names, and shows each to the visitor. Preparing, Verifying and Scanning are visitors.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { parentPath } from '../../filesystem/root.ts';
import { ENOENT, isNoDirectory, SystemError } from '../../linux/system-error.ts';
import { filterIn } from '../rules/side-filters.ts';
import { asNameIn, type DirectoryTask } from '../messages/directory-task.ts';
import { isLeftOut, openSide, openWithRetries, type OpenSide } from './open-side.ts';
import { sidesOf, takePart } from './take-part.ts';
import type { Sides, SourceSide, Visitor, AtDestination } from './visitor.ts';
import type { Listing } from '../../filesystem/list-directory.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { includesName, joinNames, type Presence } from './sorted-names.ts';

export async function visitDirectory<D extends OpenSide, P>(
  visitor: Visitor<D, P>,
  task: DirectoryTask,
): Promise<void> {
  if (task.only !== undefined) await visitor.alone(task, task.only);
  else if (task.sides === 'destination') await visitExtraneous(visitor, task);
  else await withSides(visitor, task, (sides) => visitSides(visitor, sides));
}

/** Opens and lists what the task is about, for as long as `use` takes; where that fails, the visitor is told. */
export async function withSides<D extends OpenSide>(
  visitor: Visitor<D>,
  task: DirectoryTask,
  use: (sides: Sides<D>) => Promise<void>,
): Promise<void> {
  const source = await openSource(visitor, task);
  if (source === undefined) return;
  try {
    const found = task.sides === 'both' ? await openDestination(visitor, task) : 'nothing';
    if (found === 'failed') return;
    const destination = typeof found === 'string' ? undefined : found;
    try {
      if (source.spared.isWhole || destination?.spared.isWhole === true) return;
      await use(sidesOf(task, { source, destination, isOtherKind: found === 'other kind' }));
    } finally {
      if (destination !== undefined) await closeDirectory(destination.directory);
    }
  } finally {
    if (source.directory !== undefined) await closeDirectory(source.directory);
  }
}

export async function visitSides<D extends OpenSide, P>(
  visitor: Visitor<D, P>,
  given: Sides<D>,
): Promise<void> {
  const taking = await takePart(visitor, given);
  if (taking === undefined) {
    visitor.notVisited?.();
    return;
  }
  const { sides, spellings } = taking;
  const place = await visitor.begin(sides, spellings);
  if (place === undefined) return;
  await visitNames(visitor, sides, place);
  // What an incomplete listing did not show may still be there.
  if (sides.destination !== undefined && sides.source.listing.incomplete === undefined) {
    await visitor.extraneous?.(place);
  }
  await visitor.end?.(place);
}

/** The names of one directory, joined: each is shown to the visitor once. */
export async function visitNames<D extends OpenSide, P>(
  visitor: Visitor<D, P>,
  sides: Sides<D>,
  place: P,
): Promise<void> {
  const { stop, laneCount, breathe } = visitor.context;
  const source = sides.source.listing;
  const destination = sides.destination?.listing;
  const visit = async ([name, presence]: [string, Presence]): Promise<void> => {
    if (presence === 'destination' || stop.isRaised) return;
    if (breathe !== undefined) await breathe();
    await visitor.name(place, name, presence === 'both' || mayHold(destination, name));
  };
  await forEachLane(joinNames(source.others, destination?.others ?? []), laneCount, visit);
  for (const [name, presence] of joinNames(source.directories, destination?.directories ?? [])) {
    if (presence === 'destination') continue;
    visitor.directory(place, name, presence === 'both' ? 'directory' : otherwiseAt(destination, name));
  }
}

/** What it does not list as of this kind may be a directory, or be missing from the listing. */
function mayHold(destination: Listing | undefined, name: ByteString): boolean {
  if (destination === undefined) return false;
  return destination.incomplete !== undefined || includesName(destination.directories, name);
}

function otherwiseAt(destination: Listing | undefined, name: ByteString): AtDestination {
  if (destination === undefined) return 'nothing';
  if (includesName(destination.others, name)) return 'other kind';
  return destination.incomplete === undefined ? 'nothing' : 'unknown';
}

async function visitExtraneous<D extends OpenSide>(visitor: Visitor<D>, task: DirectoryTask): Promise<void> {
  const { extraneousDirectories } = visitor;
  const destination = await openDestination(visitor, task);
  if (destination === 'nothing') return;
  if (destination === 'other kind') await extraneousDirectories?.name(task);
  else if (destination === 'failed') extraneousDirectories?.stays?.(task);
  else {
    try {
      await extraneousDirectories?.visit(task, destination);
    } finally {
      await closeDirectory(destination.directory);
    }
  }
}

/** Undefined: it is not visited, and the visitor knows. */
async function openSource(visitor: Visitor, task: DirectoryTask): Promise<SourceSide | undefined> {
  const { context, freshness } = visitor;
  const { path, only } = task;
  try {
    return await openWithRetries(context, () => openSide(context, { side: 'source', path, only, freshness }));
  } catch (error) {
    if (isLeftOut(context, error)) visitor.left?.('outside', 1);
    else if (isNoDirectory(error) && path !== '') await visitAsName(visitor, task);
    else return visitor.unopened(task, error);
    return undefined;
  }
}

/** It was listed as a directory, and is none. */
async function visitAsName(visitor: Visitor, task: DirectoryTask): Promise<void> {
  visitor.notVisited?.();
  const { context, freshness } = visitor;
  const filter = await filterIn(context.filters.source, { path: parentPath(task.path), freshness });
  if (filter?.isExcluded(task.path, false) === true) visitor.left?.('excluded', 1);
  else visitor.found(asNameIn(task));
}

/** `nothing`, `other kind`: it changed since the directory above was listed. */
async function openDestination<D extends OpenSide>(
  visitor: Visitor<D>,
  { path, only, sides, deviceAbove }: DirectoryTask,
): Promise<D | 'nothing' | 'other kind' | 'failed'> {
  const { context, freshness } = visitor;
  const isExtraneous = sides === 'destination';
  const place = { side: 'destination', path, only, freshness, isExtraneous, deviceAbove } as const;
  try {
    return await openWithRetries(context, () => visitor.openDestination(place));
  } catch (error) {
    if (path !== '') {
      if (error instanceof SystemError && error.errno === -ENOENT) return 'nothing';
      if (isNoDirectory(error)) return 'other kind';
    }
    if (!isLeftOut(context, error)) visitor.failed(error, { side: 'destination', path, attempt: 'list' });
    else if (!isExtraneous) visitor.left?.('outside', 1);
    return 'failed';
  }
}
