/** `--partial`: from where the copy of an interrupted file goes on. */
import { isFile, type Entry } from '../model/entry.ts';

/** Smaller files are copied anew in less time than it takes to look. */
export const SMALLEST_PARTIAL_BYTES = 1024 * 1024;
/** The last blocks were in flight side by side: not all of them may have been written. */
const UNSURE_BYTES = 8 * 1024 * 1024;

/**
 * A partial file is good when it bears the mtime that its source still has; files with holes begin anew.
 * Undefined: another user made it, or it is no file of its own, and nothing may be written into it.
 */
export function resumeOffset(partial: Entry, source: Entry, uid: number): number | undefined {
  const isOurs = isFile(partial) && partial.uid === uid && partial.linkCount === 1;
  if (!isOurs) return undefined;
  const isSameSource = partial.mtimeSec === source.mtimeSec && partial.mtimeNsec === source.mtimeNsec;
  const hasHoles = source.blocks * 512 < source.sizeBytes;
  if (!isSameSource || hasHoles || partial.sizeBytes > source.sizeBytes) return 0;
  return Math.max(0, partial.sizeBytes - UNSURE_BYTES);
}
