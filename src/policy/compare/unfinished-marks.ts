/**
 * Marks on files whose content is not whole: with `--inplace` their mode, with `--partial` their mtime. A file
 * carries its mark itself, so no kill, rename or path selection can separate the two, and each stat shows it
 * without another call.
 */
import { hasSetIdBits, type Timestamp, isFile, type Entry } from '../../model/entry.ts';
import { stateHash } from './fingerprint.ts';

/** `--inplace`: the sticky bit, which has no meaning on a regular file in Linux. */
const STICKY = 0o1000;

/** False if the source file has the bit itself: its mark would be ambiguous. */
export function canBeMarked(source: Entry): boolean {
  return (source.mode & STICKY) === 0;
}

export function isMarked(destination: Entry): boolean {
  return (destination.mode & STICKY) !== 0;
}

/** Without set-id bits, which belong only to their own content. */
export function markedMode(destination: Entry): number {
  return unmarkedMode(destination) | STICKY;
}

export function unmarkedMode(destination: Entry): number {
  return destination.mode & 0o777;
}

/** Its content is unknown, whatever its size and times say: a run was killed while rewriting it. */
export function isUnfinished(source: Entry, destination: Entry): boolean {
  return isMarked(destination) && isFile(destination) && isFile(source) && canBeMarked(source);
}

/** Copying a smaller file again takes less time than looking for its partial file. */
const SMALLEST_PARTIAL_BYTES = 1024 * 1024;
/** The last blocks were in flight in parallel, so some may not have been written. */
const UNSURE_BYTES = 8 * 1024 * 1024;

/** 2001: marks lie in the past, where a file still being written never has its mtime. */
const FIRST_MARK_SEC = 1_000_000_000;
const MARKS = 2 ** 28;

/**
 * `--partial`: the mtime of a partial file identifies the version of the source that it is the start of. It
 * covers the source's ctime, too, as a rewritten file may have its mtime set back. Seconds are even: every
 * file system keeps those.
 * @param boot number of the machine's boot, if its crash may lose the file's content but keep its size; else 0
 */
export function partialMark(source: Entry, boot: number): Timestamp {
  const version = stateHash(source) ^ Number(source.inode & 0xffff_ffffn) ^ boot;
  return { sec: FIRST_MARK_SEC + 2 * ((version >>> 0) % MARKS), nsec: 0 };
}

/** A set-id file is copied from its start, as a partial file may lie around for a long time. */
export function isResumable(source: Entry): boolean {
  return source.sizeBytes >= SMALLEST_PARTIAL_BYTES && !hasSetIdBits(source);
}

/**
 * Continues a partial file only if its mark matches the source's current version; files with holes start
 * again at 0. Undefined: another user made the file, or it has other names, so nothing may be written to it.
 */
export function resumeOffset(
  partial: Entry,
  source: Entry,
  { uid, boot }: { readonly uid: number; readonly boot: number },
): number | undefined {
  const isOurs = isFile(partial) && partial.uid === uid && partial.linkCount === 1;
  if (!isOurs) return undefined;
  const mark = partialMark(source, boot);
  const isSameSource = partial.mtimeSec === mark.sec && partial.mtimeNsec === mark.nsec;
  const hasHoles = source.blocks * 512 < source.sizeBytes;
  if (!isSameSource || hasHoles || partial.sizeBytes > source.sizeBytes) return 0;
  return Math.max(0, partial.sizeBytes - UNSURE_BYTES);
}
