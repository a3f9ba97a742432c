/** `--partial`: from where the copy of an interrupted file goes on. */
import { hasSetIdBits, isFile, type Entry } from '../model/entry.ts';
import type { Timestamp } from '../model/wanted-metadata.ts';
import { stateHash } from './fingerprint.ts';

/** Smaller files are copied anew in less time than it takes to look. */
const SMALLEST_PARTIAL_BYTES = 1024 * 1024;
/** The last blocks were in flight side by side: not all of them may have been written. */
const UNSURE_BYTES = 8 * 1024 * 1024;

/** 2001: marks lie in the past, where no file that a killed run was writing has its mtime. */
const FIRST_MARK_SEC = 1_000_000_000;
const MARKS = 2 ** 28;

/**
 * The mtime of a partial file names the version of the source it is the start of: its ctime, too, since a
 * file may be written anew and have its mtime set back. Even seconds: every file system keeps them.
 * @param boot of the machine, where its crash may take content away from the file and leave it its size; else 0
 */
export function partialMark(source: Entry, boot: number): Timestamp {
  const version = stateHash(source) ^ Number(source.inode & 0xffff_ffffn) ^ boot;
  return { sec: FIRST_MARK_SEC + 2 * ((version >>> 0) % MARKS), nsec: 0 };
}

/** What gives rights is copied from its start: a partial file lies about for long. */
export function isResumable(source: Entry): boolean {
  return source.sizeBytes >= SMALLEST_PARTIAL_BYTES && !hasSetIdBits(source);
}

/**
 * A partial file is good when it bears the mark of the version that its source still is; files with holes
 * begin anew. Undefined: another user made it, or it is no file of its own, and nothing may be written into it.
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
