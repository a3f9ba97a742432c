/**
 * Names that take no part on either side: what the run itself writes, files that an NFS client keeps until the
 * process that has them open closes them, and directories that a file system has for itself. They are told by what a
 * listing gives anyway.
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { Listing, Mark } from '../../filesystem/list-directory.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { isOnNfs, isWholeFileSystem } from '../../filesystem/mounts/mount-points.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import type { Identity } from '../../model/entry.ts';
import type { RunFile, SparedPath } from '../../model/run/run-file.ts';
import type { Side } from '../../model/task.ts';
import {
  inodesOn,
  isSillyName,
  isUnfinishedName,
  leadsToRunFile,
  mayBeSilly,
  runFileNamed,
  runFileOf,
  runFilesIn,
} from '../../policy/spared-paths.ts';
import { isNamedByRule, type OwnDirectory, ownDirectories } from '../../policy/file-system-directories.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { includesName } from './sorted-names.ts';

/** What takes no part of one directory. */
export interface Spared {
  /** The directory itself, with all that is in it. */
  readonly isWhole: boolean;
  readonly names: readonly ByteString[];
  /** It holds such a name, here or below: it cannot go. */
  readonly isKept: boolean;
}

export const NOTHING_SPARED: Spared = { isWhole: false, names: [], isKept: false };

/** What to mark while such a directory is listed. Undefined: nothing can be there. */
export function markOf(
  { setup }: WorkerContext,
  side: Side,
  { device, mountId }: Pick<StatBuffer, 'device' | 'mountId'>,
): Mark | undefined {
  const root = setup[side];
  const isNfs = isOnNfs(device === root.device ? root.mount : mountId);
  const inodes = inodesOn(setup.runFiles, device);
  if (!isNfs && inodes === undefined) return undefined;
  return (name, inodeLow, inodeHigh) => {
    if (inodes?.has(inodeLow) === true) return true;
    return isNfs && mayBeSilly(name) && isSillyName(name, (BigInt(inodeHigh) << 32n) | BigInt(inodeLow));
  };
}

export interface Listed {
  readonly side: Side;
  readonly directory: OpenDirectory;
  readonly identity: Identity;
  readonly listing: Listing;
  readonly mountId: number;
  /** It is the root of a mount. */
  readonly isMountRoot: boolean;
}

/** What of it is spared, which is noted to be told. PERF: asks nothing unless a name was marked. */
export async function findSpared(context: WorkerContext, listed: Listed): Promise<Spared> {
  const { runFiles } = context.setup;
  const { side, directory, identity, listing } = listed;
  const isKept = leadsToRunFile(runFiles, identity);
  const here = runFilesIn(runFiles, identity);
  const own = listed.isMountRoot ? ownUnnamed(context, listed) : [];
  if (here.length === 0 && own.length === 0 && listing.marked === undefined) {
    return isKept ? { ...NOTHING_SPARED, isKept } : NOTHING_SPARED;
  }
  const found = here.length === 0 ? new Map<string, RunFile>() : namedHere(here, listing);
  const names = [...found.keys()];
  for (const { name, partOf } of own) {
    names.push(name);
    context.spared.push({ side, path: childPath(directory.path, name), what: undefined, partOf });
  }
  for (const [name, { what }] of found) {
    if (!isUnfinishedName(name)) context.spared.push({ side, path: childPath(directory.path, name), what });
  }
  for (const name of listing.marked ?? []) {
    if (found.has(name)) continue;
    const spared = await askOf(context, directory, name);
    if (spared === undefined) continue;
    names.push(name);
    context.spared.push({ side, path: childPath(directory.path, name), ...spared });
  }
  return { isWhole: false, names: names.toSorted(), isKept: isKept || names.length > 0 };
}

/** The file system's own directories, but for those that a rule or a list of the operator names. */
function ownUnnamed(
  { settings, selection }: WorkerContext,
  { directory, listing: { directories }, mountId }: Listed,
): OwnDirectory[] {
  const own = ownDirectories(directories, isWholeFileSystem(mountId));
  if (own.length === 0) return own;
  const listed = selection?.childrenOf(directory.path) ?? [];
  return own.filter(({ name }) => !listed.includes(name) && !isNamedByRule(settings.filters, name));
}

/** It was met by another way than its name: a mount point shows the inode of what it hides. */
export function isRunFile({ setup }: WorkerContext, identity: Identity): boolean {
  return runFileOf(setup.runFiles, identity) !== undefined;
}

interface SparingSide {
  readonly entry: Identity;
  readonly spared: Spared;
}

/** Also a name that is not there yet. */
export function isSparedName(
  { setup }: WorkerContext,
  { source, destination }: { source: SparingSide; destination: SparingSide | undefined },
  name: ByteString,
): boolean {
  return [source, destination].some(
    (side) =>
      side !== undefined &&
      (includesName(side.spared.names, name) ||
        runFileNamed(runFilesIn(setup.runFiles, side.entry), name) !== undefined),
  );
}

function namedHere(here: readonly RunFile[], { directories, others }: Listing): Map<string, RunFile> {
  const found = new Map<string, RunFile>();
  for (const name of others) {
    const file = runFileNamed(here, name);
    if (file !== undefined) found.set(name, file);
  }
  for (const name of directories) {
    // What is only named like a log that was rotated is none.
    const file = here.find((each) => each.name === name);
    if (file !== undefined) found.set(name, file);
  }
  return found;
}

/** Of a marked name, as half an inode number proves nothing. Undefined: it takes part. */
async function askOf(
  { setup }: WorkerContext,
  directory: OpenDirectory,
  name: ByteString,
): Promise<Pick<SparedPath, 'what'> | undefined> {
  const stat = new StatBuffer();
  // Whoever needs what cannot be looked at tells of it.
  if ((await statName(directory, name, stat)) < 0) return undefined;
  const file = runFileOf(setup.runFiles, stat);
  if (file !== undefined) return { what: file.what };
  return mayBeSilly(name) && isSillyName(name, stat.inode) ? { what: undefined } : undefined;
}
