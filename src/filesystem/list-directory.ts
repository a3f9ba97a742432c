/** Lists a directory: names only, each once, sorted bytewise, directories apart from all else. */
import { DT_DIR, DT_UNKNOWN } from './linux/constants.ts';
import { check, ENOENT, SystemError } from './linux/system-error.ts';
import { statName } from './entry-stat.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { isDirectory } from '../model/entry.ts';
import type { OpenDirectory } from './root.ts';
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
  const incomplete = filled < 0 ? new SystemError(filled, 'getdents64', directory.path) : undefined;
  return { ...(await settleKinds(directory, { directories, others, unknown })), incomplete };
}

interface Names {
  readonly directories: string[];
  readonly others: string[];
}

/** Sorted, each name once, of one kind: some file systems give a name twice, or no kind. */
async function settleKinds(
  directory: OpenDirectory,
  listed: Names & { readonly unknown: readonly string[] },
): Promise<Names> {
  const [directories, others] = [sortedOnce(listed.directories), sortedOnce(listed.others)];
  const contested = inBoth(directories, others);
  if (contested.size === 0 && listed.unknown.length === 0) return { directories, others };
  const isSettled = (name: string): boolean => !contested.has(name);
  const found = await lookUpNames(directory, [...listed.unknown, ...contested]);
  return {
    directories: sortedOnce([...directories.filter(isSettled), ...found.directories]),
    others: sortedOnce([...others.filter(isSettled), ...found.others]),
  };
}

/** In place where no name is there twice. */
function sortedOnce(names: string[]): string[] {
  names.sort();
  for (let i = 1; i < names.length; i++) {
    if (names[i] === names[i - 1]) return names.filter((name, index) => name !== names[index - 1]);
  }
  return names;
}

/** Of two sorted lists. */
function inBoth(directories: readonly string[], others: readonly string[]): Set<string> {
  const both = new Set<string>();
  let index = 0;
  for (const name of directories) {
    while (index < others.length && (others[index] as string) < name) index++;
    if (others[index] === name) both.add(name);
  }
  return both;
}

/** Each needs memory for its answer. */
const LOOKUPS_AT_ONCE = 256;

/**
 * Finds out which of the names are directories, and leaves out those that have gone. A name whose lookup fails is
 * among the others: whoever looks at the entry meets the failure again, and tells it of that name alone.
 */
export async function lookUpNames(directory: OpenDirectory, names: readonly string[]): Promise<Names> {
  const found: Names = { directories: [], others: [] };
  const stats = Array.from({ length: Math.min(names.length, LOOKUPS_AT_ONCE) }, () => new StatBuffer());
  for (let start = 0; start < names.length; start += LOOKUPS_AT_ONCE) {
    const some = names.slice(start, start + LOOKUPS_AT_ONCE);
    const results = await settleAll(
      some.map(async (name, index) => statName(directory, name, stats[index] as StatBuffer)),
    );
    for (const [index, result] of results.entries()) {
      if (result === -ENOENT) continue;
      const isOfDirectory = result === 0 && isDirectory(stats[index] as StatBuffer);
      (isOfDirectory ? found.directories : found.others).push(some[index] as string);
    }
  }
  return found;
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
