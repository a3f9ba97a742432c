/** Lists a directory: names only, sorted bytewise, directories apart from all else. */
import { DT_DIR, DT_UNKNOWN, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS } from './linux/constants.ts';
import { check, ENOENT, SystemError } from './linux/system-error.ts';
import { statName } from './entry-stat.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { isDirectory } from '../model/entry.ts';
import { childPath, type OpenDirectory } from './root.ts';
import { settleAll } from './settle-all.ts';

export interface Listing {
  /** Sorted bytewise. */
  readonly directories: string[];
  /** Everything else, sorted bytewise. */
  readonly others: string[];
  /** Why the listing ended early, if it did: what is not listed may still exist. */
  readonly incomplete: SystemError | undefined;
}

/** One call lists about 4,000 names. NFS: larger requests do not make larger READDIR replies. */
const BUFFER_SIZE_BYTES = 128 * 1024;
const SMALL_BUFFER_SIZE_BYTES = 1024;
const freeBuffers: Buffer[] = [];

export const EMPTY_LISTING: Listing = { directories: [], others: [], incomplete: undefined };

export async function listDirectory(directory: OpenDirectory): Promise<Listing> {
  return (await listUpTo(directory, Infinity)) as Listing;
}

/** Undefined: it has more entries than that. */
export async function listUpTo(directory: OpenDirectory, mostEntries: number): Promise<Listing | undefined> {
  const directories: string[] = [];
  const others: string[] = [];
  const unknown: string[] = [];
  const buffer = freeBuffers.pop() ?? Buffer.allocUnsafeSlow(BUFFER_SIZE_BYTES);
  let filled = 0;
  let isTooLong = false;
  while (!isTooLong && (filled = await directory.linux.getdents64(directory.fd, buffer, buffer.length)) > 0) {
    const before = others.length;
    decode(buffer, filled, (name, type) => {
      (type === DT_DIR ? directories : type === DT_UNKNOWN ? unknown : others).push(name);
    });
    isTooLong = directories.length + others.length + unknown.length > mostEntries;
    if (directory.linux.style === 'overlapping')
      await showInterest(directory, others.slice(before, before + HINTS));
  }
  freeBuffers.push(buffer);
  if (isTooLong) return undefined;
  for (const name of unknown) {
    const kind = await isDirectoryNamed(directory, name);
    if (kind !== undefined) (kind ? directories : others).push(name);
  }
  directories.sort();
  others.sort();
  const incomplete = filled < 0 ? new SystemError(filled, 'getdents64', directory.path) : undefined;
  return { directories, others, incomplete };
}

/** Whether there is any name in it. @throws SystemError */
export async function holdsAnything({ linux, fd, path }: OpenDirectory): Promise<boolean> {
  const buffer = Buffer.alloc(SMALL_BUFFER_SIZE_BYTES);
  for (;;) {
    const filled = check(await linux.getdents64(fd, buffer, buffer.length), 'getdents64', path);
    let hasName = false;
    decode(buffer, filled, () => (hasName = true));
    if (hasName || filled === 0) return hasName;
  }
}

/** More than eight: fs/nfs/dir.c, NFS_READDIR_CACHE_USAGE_THRESHOLD. */
const HINTS = 10;

/**
 * The NFS client lets the server send attributes with further names only while somebody asks for those of
 * the names before: without this, all but the first 450 entries of a directory cost a LOOKUP each. What
 * the calls give is asked for again: here it does not matter.
 */
async function showInterest(directory: OpenDirectory, names: readonly string[]): Promise<void> {
  await settleAll(names.map(async (name) => statName(directory, name, new StatBuffer())));
}

/** struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name, NUL. */
function decode(buffer: Buffer, filled: number, visit: (name: string, type: number) => void): void {
  for (let offset = 0; offset < filled;) {
    const recordLength = buffer.readUInt16LE(offset + 16);
    const nameStart = offset + 19;
    const name = buffer.toString('latin1', nameStart, nameEnd(buffer, nameStart, offset + recordLength));
    if (name !== '.' && name !== '..') visit(name, buffer[offset + 18] as number);
    offset += recordLength;
  }
}

/** PERF: zeros only pad a record to a multiple of eight, so few bytes are to be looked at: indexOf is a call. */
function nameEnd(buffer: Buffer, start: number, recordEnd: number): number {
  let end = Math.max(start, recordEnd - 8);
  while (buffer[end] !== 0) end++;
  return end;
}

/** For file systems that give no type. Undefined when the name has gone since. */
async function isDirectoryNamed(directory: OpenDirectory, name: string): Promise<boolean | undefined> {
  const stat = new StatBuffer();
  const { linux, fd, path } = directory;
  const result = await linux.statx(fd, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, stat.bytes);
  if (result === -ENOENT) return undefined;
  check(result, 'statx', childPath(path, name));
  return isDirectory(stat);
}
