/** One statx: of a name in an open directory, or of what is open. */
import {
  AT_EMPTY_PATH,
  AT_STATX_FORCE_SYNC,
  AT_SYMLINK_NOFOLLOW,
  STATX_BASIC_STATS,
  STATX_MNT_ID,
} from './linux/constants.ts';
import { check, EFBIG, SystemError } from './linux/system-error.ts';
import { snapshotOf, StatBuffer } from './linux/stat-buffer.ts';
import type { Awaitable, Linux } from './linux/call-table.ts';
import { isFile, LARGEST_SIZE_BYTES, type Entry } from '../model/entry.ts';
import { childPath, type OpenDirectory } from './root.ts';

/**
 * - `cached`: what the NFS client knows may do
 * - `server`: ask the server even so
 */
export type Freshness = 'cached' | 'server';

/** Fills `stat`; 0 or -errno. Never follows a symbolic link. */
export function statName(
  directory: OpenDirectory,
  name: string,
  stat: StatBuffer,
  freshness: Freshness = 'cached',
): Awaitable<number> {
  const flags = AT_SYMLINK_NOFOLLOW | (freshness === 'server' ? AT_STATX_FORCE_SYNC : 0);
  return asking(directory.linux, freshness).statx(directory.fd, name, flags, STATX_BASIC_STATS, stat.bytes);
}

/** Fills `stat`; 0 or -errno. */
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

function asking(linux: Linux, freshness: Freshness): Pick<Linux, 'statx'> {
  return freshness === 'server' ? linux : linux.local;
}

/** A larger file could only be copied with its size rounded. @throws SystemError */
export function refuseUncountable(source: Entry, path: string): void {
  if (source.sizeBytes <= LARGEST_SIZE_BYTES || !isFile(source)) return;
  const error = new SystemError(-EFBIG, 'statx', path, TOO_LARGE);
  error.side = 'source';
  throw error;
}

const TOO_LARGE = `it has more than ${LARGEST_SIZE_BYTES} bytes, which efs-sync cannot count`;

/** @throws SystemError */
export async function readEntry(directory: OpenDirectory, name: string): Promise<Entry> {
  const stat = new StatBuffer();
  check(await statName(directory, name, stat), 'statx', childPath(directory.path, name));
  return snapshotOf(stat);
}

/** @throws SystemError */
export async function readOpenEntry(
  open: { readonly linux: Linux; readonly fd: number; readonly path: string },
  freshness: Freshness = 'cached',
): Promise<Entry> {
  const stat = new StatBuffer();
  check(await statOpen(open, stat, freshness), 'statx', open.path);
  return snapshotOf(stat);
}
