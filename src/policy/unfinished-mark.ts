/**
 * `--inplace`: the mark of a file whose content is being rewritten. It is the sticky bit, which Linux gives no meaning
 * on a regular file: the file itself bears it, so that no kill, rename or selection of paths parts the two, and
 * whoever looks at the file sees it without another call.
 */
import { isFile, type Entry } from '../model/entry.ts';

const STICKY = 0o1000;

/** A source file that has the bit by itself: nothing could tell its mark. */
export function canBeMarked(source: Entry): boolean {
  return (source.mode & STICKY) === 0;
}

export function isMarked(destination: Entry): boolean {
  return (destination.mode & STICKY) !== 0;
}

/** Without set-id bits, which go to no other content than their own. */
export function markedMode(destination: Entry): number {
  return unmarkedMode(destination) | STICKY;
}

export function unmarkedMode(destination: Entry): number {
  return destination.mode & 0o777;
}

/** Its content is unknown, whatever its size and times say: a run was killed while it rewrote it. */
export function isUnfinished(source: Entry, destination: Entry): boolean {
  return isMarked(destination) && isFile(destination) && isFile(source) && canBeMarked(source);
}
