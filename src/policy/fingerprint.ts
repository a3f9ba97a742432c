/**
 * Eight bytes that tell later whether a source entry is still what Preparing saw: 32 bits of its name,
 * 32 of its times. A chance match, one in 2^32, would call a live source a mismatch, never the reverse.
 */
import type { Entry } from '../model/entry.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export function nameHash(name: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}

/** ctime moves with every write, chmod, rename and link, and cannot be set back. */
export function stateHash(entry: Entry): number {
  let hash = FNV_OFFSET;
  for (const field of [entry.ctimeSec, entry.ctimeNsec, entry.mtimeSec, entry.mtimeNsec, entry.sizeBytes]) {
    hash = Math.imul(hash ^ (field % 0x1_0000_0000), FNV_PRIME);
    hash = Math.imul(hash ^ (hash >>> 15), FNV_PRIME);
  }
  return hash >>> 0;
}
