/** Reads one entry: its metadata by name or by descriptor, and where a symbolic link points. */
import type { ByteString } from '../model/byte-string.ts';
import {
  AT_EMPTY_PATH,
  AT_STATX_FORCE_SYNC,
  AT_SYMLINK_NOFOLLOW,
  STATX_BASIC_STATS,
  STATX_MNT_ID,
} from '../linux/constants.ts';
import { check, EFBIG, ENOENT, SystemError } from '../linux/system-error.ts';
import { snapshotOf, StatBuffer } from '../linux/stat-buffer.ts';
import type { Awaitable, Linux } from '../linux/call-table.ts';
import { isFile, LARGEST_SIZE_BYTES, type Entry } from '../model/entry.ts';
import { childPath, type NameIn, type OpenDirectory } from './root.ts';

/**
 * - `cached`: the NFS client may answer from its cache
 * - `server`: always ask the server
 */
export type Freshness = 'cached' | 'server';

/** Makes one statx call for a name: fills `stat`; returns 0 or -errno. Never follows a symbolic link. */
export function statName(
  directory: OpenDirectory,
  name: ByteString,
  stat: StatBuffer,
  freshness: Freshness = 'cached',
): Awaitable<number> {
  const flags = AT_SYMLINK_NOFOLLOW | (freshness === 'server' ? AT_STATX_FORCE_SYNC : 0);
  return asking(directory.linux, freshness).statx(directory.fd, name, flags, STATX_BASIC_STATS, stat.bytes);
}

/** Makes one statx call for an open descriptor: fills `stat`; returns 0 or -errno. */
export function statOpen(
  open: { readonly linux: Linux; readonly fd: number },
  stat: StatBuffer,
  freshness: Freshness = 'cached',
): Awaitable<number> {
  const flags = AT_EMPTY_PATH | (freshness === 'server' ? AT_STATX_FORCE_SYNC : 0);
  return asking(open.linux, freshness).statx(
    open.fd,
    '',
    flags,
    STATX_BASIC_STATS | STATX_MNT_ID,
    stat.bytes,
  );
}

/** Two statx buffers, one per side, reused from entry to entry. */
export interface StatPair {
  readonly source: StatBuffer;
  readonly destination: StatBuffer;
}

const free: StatPair[] = [];

/** Always return it with `releaseStats`, also after an error. */
export function takeStats(): StatPair {
  return free.pop() ?? { source: new StatBuffer(), destination: new StatBuffer() };
}

export function releaseStats(stats: StatPair): void {
  free.push(stats);
}

/** Fills `stat`. False: nothing has the name. @throws SystemError */
export async function isThere(
  directory: OpenDirectory,
  name: ByteString,
  stat: StatBuffer,
  freshness: Freshness = 'cached',
): Promise<boolean> {
  const result = await statName(directory, name, stat, freshness);
  if (result === -ENOENT) return false;
  check(result, 'statx', childPath(directory.path, name));
  return true;
}

/** Undefined: nothing has the name. @throws SystemError */
export async function findEntry(
  { directory, name }: NameIn,
  freshness: Freshness = 'cached',
): Promise<Entry | undefined> {
  const stat = new StatBuffer();
  return (await isThere(directory, name, stat, freshness)) ? snapshotOf(stat) : undefined;
}

/** @throws SystemError */
export async function readEntry(directory: OpenDirectory, name: ByteString): Promise<Entry> {
  const stat = new StatBuffer();
  check(await statName(directory, name, stat), 'statx', childPath(directory.path, name));
  return snapshotOf(stat);
}

/** @throws SystemError */
export async function readOpenEntry(
  open: { readonly linux: Linux; readonly fd: number; readonly path: ByteString },
  freshness: Freshness = 'cached',
): Promise<Entry> {
  const stat = new StatBuffer();
  check(await statOpen(open, stat, freshness), 'statx', open.path);
  return snapshotOf(stat);
}

/** Room for any target: Linux allows at most 4,095 bytes. */
const LARGEST_TARGET_BYTES = 4096;

/**
 * The exact bytes of the target, latin1.
 * @param sizeBytes as statx tells it. PERF: a buffer for the longest target is costly to allocate and free.
 * @throws SystemError
 */
export async function readLinkTarget(
  directory: OpenDirectory,
  name: ByteString,
  sizeBytes = LARGEST_TARGET_BYTES,
): Promise<ByteString> {
  // A size is a claim: with one byte more than it says, a longer target shows.
  const buffer = Buffer.allocUnsafe(Math.min(sizeBytes + 1, LARGEST_TARGET_BYTES));
  const length = await directory.linux.readlinkat(directory.fd, name, buffer, buffer.length);
  check(length, 'readlinkat', childPath(directory.path, name));
  if (length === buffer.length && length < LARGEST_TARGET_BYTES) return readLinkTarget(directory, name);
  return buffer.toString('latin1', 0, length);
}

/**
 * Refuses a file too large for an exact number, which would be copied with its size rounded. @throws
 * SystemError
 */
export function refuseUncountable(source: Entry, path: ByteString): void {
  if (source.sizeBytes <= LARGEST_SIZE_BYTES || !isFile(source)) return;
  const error = new SystemError(-EFBIG, 'statx', path, TOO_LARGE);
  error.side = 'source';
  throw error;
}

const TOO_LARGE = `it has more than ${LARGEST_SIZE_BYTES} bytes, the most that efs-sync supports`;

function asking(linux: Linux, freshness: Freshness): Pick<Linux, 'statx'> {
  return freshness === 'server' ? linux : linux.local;
}
