/** Whether an entry is still the version that was seen before. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Entry } from '../../model/entry.ts';

/*
 * Fingerprints are eight bytes that later show whether a source entry has changed since Preparing: 32 bits of
 * its name, 32 of its times. A chance match, one in 2^32, would report a changed source as a mismatch, never
 * the reverse.
 */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export function nameHash(name: ByteString): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}

/** Below this, numbers are free to mark entries that have no state. */
export const LEAST_STATE = 2;

/** Every write, chmod, rename and link changes ctime, and nothing can set it back. */
export function stateHash(entry: Entry): number {
  let hash = FNV_OFFSET;
  for (const field of [entry.ctimeSec, entry.ctimeNsec, entry.mtimeSec, entry.mtimeNsec, entry.sizeBytes]) {
    hash = Math.imul(hash ^ (field % 0x1_0000_0000), FNV_PRIME);
    hash = Math.imul(hash ^ (hash >>> 15), FNV_PRIME);
  }
  return Math.max(hash >>> 0, LEAST_STATE);
}

/** The same file is longer. Its size alone does not show whether it was only appended to. */
export function hasGrown(before: Entry, after: Entry): boolean {
  return before.inode === after.inode && after.sizeBytes > before.sizeBytes;
}

/** Every write changes ctime, and no call sets it back. Size and mtime help on file systems without ctime. */
export function isSameVersion(before: Entry, after: Entry): boolean {
  return (
    before.inode === after.inode &&
    before.sizeBytes === after.sizeBytes &&
    before.mtimeSec === after.mtimeSec &&
    before.mtimeNsec === after.mtimeNsec &&
    before.ctimeSec === after.ctimeSec &&
    before.ctimeNsec === after.ctimeNsec
  );
}

/**
 * Two changes may get the same timestamp: kernels count in ticks of up to 10 ms, NFS servers on older file
 * systems in seconds, FAT in two. NFS: a client shows attributes up to 3 s old (acregmin) for a file in use.
 */
export const SETTLE_MS = 3000;

/**
 * Checks ctime, and mtime for file systems without ctime. A time further in the future than this comes from
 * another clock or was set by somebody, and means nothing.
 */
export function isUnsettled(source: Entry, nowMs: number): boolean {
  return isNear(source.ctimeSec, source.ctimeNsec, nowMs) || isNear(source.mtimeSec, source.mtimeNsec, nowMs);
}

function isNear(sec: number, nsec: number, nowMs: number): boolean {
  return Math.abs(nowMs - (sec * 1000 + nsec / 1_000_000)) < SETTLE_MS;
}
