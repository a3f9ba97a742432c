/** Lists a directory: names only, each once, sorted bytewise, with directories apart from everything else. */
import type { ByteString } from '../model/byte-string.ts';
import { DT_DIR, DT_UNKNOWN } from '../linux/constants.ts';
import { check, ENOENT, SystemError } from '../linux/system-error.ts';
import { statName } from './entry-stat.ts';
import { StatBuffer } from '../linux/stat-buffer.ts';
import { LOOKUPS_PER_LISTING } from '../model/concurrency.ts';
import { isDirectory } from '../model/entry.ts';
import type { OpenDirectory } from './root.ts';
import { settleAll } from '../flow/lanes.ts';

export interface Listing {
  /** Sorted bytewise. */
  readonly directories: string[];
  /** Everything else, sorted bytewise. */
  readonly others: string[];
  /** Why the listing ended early, if it did: names missing from it may still exist. */
  readonly incomplete: SystemError | undefined;
  /** Names for which `Mark` gave true, of either kind; undefined if there are none. */
  readonly marked?: readonly string[];
}

/** Decides from a listed name and both halves of its inode number whether to mark the name. */
export type Mark = (name: ByteString, inodeLow: number, inodeHigh: number) => boolean;

/** One call lists about 4,000 names. NFS: larger requests do not make larger READDIR replies. */
const BUFFER_SIZE_BYTES = 128 * 1024;
const SMALL_BUFFER_SIZE_BYTES = 1024;
const freeBuffers: Buffer[] = [];

export const EMPTY_LISTING: Listing = { directories: [], others: [], incomplete: undefined };

export async function listDirectory(directory: OpenDirectory, mark?: Mark): Promise<Listing> {
  return (await listUpTo(directory, Infinity, mark)) as Listing;
}

/** Undefined if it has more than `mostEntries` entries. */
export async function listUpTo(
  directory: OpenDirectory,
  mostEntries: number,
  mark?: Mark,
): Promise<Listing | undefined> {
  const marked: string[] = [];
  const directories: string[] = [];
  const others: string[] = [];
  const unknown: string[] = [];
  const buffer = freeBuffers.pop() ?? Buffer.allocUnsafeSlow(BUFFER_SIZE_BYTES);
  let filled = 0;
  let isTooLong = false;
  while (!isTooLong && (filled = await directory.linux.getdents64(directory.fd, buffer, buffer.length)) > 0) {
    const before = others.length;
    decode(buffer, filled, (name, type, offset) => {
      (type === DT_DIR ? directories : type === DT_UNKNOWN ? unknown : others).push(name);
      if (mark?.(name, buffer.readUInt32LE(offset), buffer.readUInt32LE(offset + 4)) === true)
        marked.push(name);
    });
    isTooLong = directories.length + others.length + unknown.length > mostEntries;
    if (directory.linux.style === 'overlapping')
      await showInterest(directory, others.slice(before, before + HINTS));
  }
  freeBuffers.push(buffer);
  if (isTooLong) return undefined;
  const incomplete = filled < 0 ? new SystemError(filled, 'getdents64', directory.path) : undefined;
  const kinds = await settleKinds(directory, { directories, others, unknown });
  return marked.length === 0 ? { ...kinds, incomplete } : { ...kinds, incomplete, marked };
}

interface Names {
  readonly directories: string[];
  readonly others: string[];
}

/** Sorts the names, each once and of one kind: some file systems list a name twice, or without a kind. */
async function settleKinds(
  directory: OpenDirectory,
  listed: Names & { readonly unknown: readonly string[] },
): Promise<Names> {
  const [directories, others] = [sortedOnce(listed.directories), sortedOnce(listed.others)];
  const contested = inBoth(directories, others);
  if (contested.size === 0 && listed.unknown.length === 0) return { directories, others };
  const isSettled = (name: ByteString): boolean => !contested.has(name);
  const found = await lookUpNames(directory, [...listed.unknown, ...contested]);
  return {
    directories: sortedOnce([...directories.filter(isSettled), ...found.directories]),
    others: sortedOnce([...others.filter(isSettled), ...found.others]),
  };
}

/** Sorts in place unless a name occurs twice. */
function sortedOnce(names: ByteString[]): string[] {
  names.sort();
  for (let i = 1; i < names.length; i++) {
    if (names[i] === names[i - 1]) return names.filter((name, index) => name !== names[index - 1]);
  }
  return names;
}

/** Takes two sorted lists. */
function inBoth(directories: readonly string[], others: readonly string[]): Set<string> {
  const both = new Set<string>();
  let index = 0;
  for (const name of directories) {
    while (index < others.length && (others[index] as string) < name) index++;
    if (others[index] === name) both.add(name);
  }
  return both;
}

/**
 * Finds out which names are directories and drops names that are gone. A name whose lookup fails counts as no
 * directory: whoever reads that entry meets the error again and reports it for that name alone.
 */
export async function lookUpNames(
  directory: OpenDirectory,
  names: readonly ByteString[],
  mark?: Mark,
): Promise<Names & { readonly marked: string[] }> {
  const found = { directories: [] as string[], others: [] as string[], marked: [] as string[] };
  const stats = Array.from({ length: Math.min(names.length, LOOKUPS_PER_LISTING) }, () => new StatBuffer());
  for (let start = 0; start < names.length; start += LOOKUPS_PER_LISTING) {
    const some = names.slice(start, start + LOOKUPS_PER_LISTING);
    const results = await settleAll(
      some.map(async (name, index) => statName(directory, name, stats[index] as StatBuffer)),
    );
    for (const [index, result] of results.entries()) {
      if (result === -ENOENT) continue;
      const [name, stat] = [some[index] as string, stats[index] as StatBuffer];
      const isOfDirectory = result === 0 && isDirectory(stat);
      (isOfDirectory ? found.directories : found.others).push(name);
      if (result === 0 && mark?.(name, stat.inodeLow, stat.inodeHigh) === true) found.marked.push(name);
    }
  }
  return found;
}

/** Whether the directory holds any name. @throws SystemError */
export async function holdsAnything({ linux, fd, path }: OpenDirectory): Promise<boolean> {
  const buffer = Buffer.alloc(SMALL_BUFFER_SIZE_BYTES);
  for (;;) {
    const filled = check(await linux.getdents64(fd, buffer, buffer.length), 'getdents64', path);
    let hasName = false;
    decode(buffer, filled, () => (hasName = true));
    if (hasName || filled === 0) return hasName;
  }
}

/** More than eight, see fs/nfs/dir.c: NFS_READDIR_CACHE_USAGE_THRESHOLD. */
const HINTS = 10;

/**
 * NFS: the client requests attributes with further names only while somebody reads those of earlier names.
 * Without these calls every entry after the first 450 of a directory costs a LOOKUP. Their results are not
 * used here.
 */
async function showInterest(directory: OpenDirectory, names: readonly ByteString[]): Promise<void> {
  await settleAll(names.map(async (name) => statName(directory, name, new StatBuffer())));
}

/** struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name, NUL. */
function decode(
  buffer: Buffer,
  filled: number,
  visit: (name: ByteString, type: number, offset: number) => void,
): void {
  for (let offset = 0; offset < filled;) {
    const recordLength = buffer.readUInt16LE(offset + 16);
    const nameStart = offset + 19;
    const name = buffer.toString('latin1', nameStart, nameEnd(buffer, nameStart, offset + recordLength));
    if (name !== '.' && name !== '..') visit(name, buffer[offset + 18] as number, offset);
    offset += recordLength;
  }
}

/**
 * PERF: looks at the last eight bytes only, as zeros just pad a record to a multiple of eight. indexOf would
 * be a call.
 */
function nameEnd(buffer: Buffer, start: number, recordEnd: number): number {
  let end = Math.max(start, recordEnd - 8);
  while (buffer[end] !== 0) end++;
  return end;
}
