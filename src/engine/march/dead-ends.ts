/** `--files-from`: each listed path is found or told of, and a directory takes part only if it is listed or leads to one that is. */
import type { ByteString } from '../../model/byte-string.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import type { Listing } from '../../filesystem/list-directory.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, ELOOP, ENOENT, ENOTDIR, SystemError } from '../../linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { childPath, lastName, parentPath } from '../../filesystem/root.ts';
import { isDirectory } from '../../model/entry.ts';
import type { PathSelection } from '../../policy/filter/path-selection.ts';
import { retrying } from '../context/retrying.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { includesName, withoutNames } from './sorted-names.ts';

export interface Unfound {
  readonly path: ByteString;
  readonly error: SystemError;
}

export interface Ways {
  /** Without what only lies on the way to paths that are not there. */
  readonly listing: Listing;
  readonly unfound: readonly Unfound[];
  /** The directory was not listed, and leads to no listed path that takes part: it takes none either. */
  readonly isDeadEnd: boolean;
}

interface Passed {
  readonly path: ByteString;
  /** With what rules exclude. */
  readonly listing: Listing;
  /** It takes no part, and whether it is there does not matter. */
  readonly isSpared: (name: ByteString) => boolean;
}

/**
 * Of a directory of the source. PERF: asks nothing where the directory was listed, or something in it that is there;
 * else for the first path below that is: three calls, whose lookups the walk would need later.
 */
export async function followWays(context: WorkerContext, passed: Passed): Promise<Ways> {
  const { selection } = context;
  const { path, listing } = passed;
  if (selection === undefined || selection.mayDelete !== undefined) {
    return { listing, unfound: [], isDeadEnd: false };
  }
  const isWhole = selection.isWhole(path);
  const walk: WayWalk = {
    unfound: [],
    noWays: new Set(),
    ways: [],
    leads: takesPart(context, path, isWhole),
  };
  for (const name of selection.childrenOf(path)) await lookAt(context, passed, { name, isWhole, walk });
  const { unfound, noWays } = walk;
  const isDeadEnd = !walk.leads && listing.incomplete === undefined && (await areDeadEnds(context, walk));
  return { listing: withoutNames(listing, [...noWays].toSorted()), unfound, isDeadEnd };
}

/** What is known of a directory so far. */
interface WayWalk {
  readonly unfound: Unfound[];
  /** Names that are no directories, and were not listed themselves. */
  readonly noWays: Set<string>;
  /** Directories that may lead on. */
  readonly ways: string[];
  leads: boolean;
}

async function lookAt(
  context: WorkerContext,
  { path, listing, isSpared }: Passed,
  { name, isWhole, walk }: { name: ByteString; isWhole: boolean; walk: WayWalk },
): Promise<void> {
  const selection = context.selection as PathSelection;
  const child = childPath(path, name);
  const isOfDirectory = includesName(listing.directories, name);
  if (!isOfDirectory && !includesName(listing.others, name)) {
    if (listing.incomplete === undefined && !isSpared(name)) walk.unfound.push(...missing(selection, child));
    return;
  }
  const isSelected = isWhole || selection.isListed(child);
  if (isSelected && context.filters.source.everywhere?.isExcluded(child, isOfDirectory) !== true)
    walk.leads = true;
  if (!selection.isOnTheWay(child)) return;
  // A listing may be wrong about what a name is: the look below it tells.
  const failures = isOfDirectory ? undefined : await followWay(context, child);
  if (failures === undefined) {
    walk.ways.push(child);
    return;
  }
  walk.unfound.push(...failures);
  if (!isSelected) walk.noWays.add(name);
}

/** All of them; whoever visits a way that leads on tells what of it does not. */
async function areDeadEnds(context: WorkerContext, { ways, unfound }: WayWalk): Promise<boolean> {
  const failures: Unfound[] = [];
  for (const way of ways) {
    const failed = await followWay(context, way);
    if (failed === undefined) return false;
    failures.push(...failed);
  }
  unfound.push(...failures);
  return true;
}

/** Of itself, whatever is below it. The root always does. */
function takesPart({ filters, selection }: WorkerContext, path: ByteString, isWhole: boolean): boolean {
  if (path === '' || isWhole) return true;
  if (filters.source.everywhere?.isExcluded(path, true) === true) return false;
  return selection?.isListed(path) === true || selection?.isWhole(parentPath(path)) === true;
}

const NO_WAY = 'A component of its path is not a directory, or is a symbolic link, which is not followed';

function missing(selection: PathSelection, path: ByteString): Unfound[] {
  const paths = [...(selection.isListed(path) ? [path] : []), ...selection.listedBelow(path)];
  return paths.map((each) => ({ path: each, error: new SystemError(-ENOENT, 'statx', each) }));
}

/** Undefined: a listed path below takes part. Else why each does not; one that is excluded is no failure. */
async function followWay(context: WorkerContext, way: string): Promise<Unfound[] | undefined> {
  const failures: Unfound[] = [];
  // The directory that could not be opened last: all that was listed in it is not there for the same reason.
  let closed: { readonly path: ByteString; readonly error: SystemError } | undefined;
  for (const path of context.selection?.listedBelow(way) ?? []) {
    const directoryPath = parentPath(path);
    if (closed?.path === directoryPath) {
      failures.push({ path, error: closed.error });
      continue;
    }
    const found = await lookUp(context, path);
    if (found === 'takes part') return undefined;
    if (found === 'excluded') continue;
    failures.push({ path, error: found });
    if (found.syscall !== 'statx') closed = { path: directoryPath, error: found };
  }
  return failures;
}

async function lookUp(
  context: WorkerContext,
  path: ByteString,
): Promise<'takes part' | 'excluded' | SystemError> {
  const stat = new StatBuffer();
  try {
    await retrying(context, () =>
      withDirectory(context.source, parentPath(path), async (directory) =>
        check(await statName(directory, lastName(path), stat), 'statx', path),
      ),
    );
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const isNoWay = error.errno === -ELOOP || error.errno === -ENOTDIR;
    return isNoWay ? new SystemError(error.errno, error.syscall, path, NO_WAY) : error;
  }
  return context.filters.source.everywhere?.isExcluded(path, isDirectory(stat)) === true
    ? 'excluded'
    : 'takes part';
}
