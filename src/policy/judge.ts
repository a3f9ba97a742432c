/** What a difference found by Verifying means, and how it reads. */
import { Difference, type Differences } from '../model/change.ts';
import { kindOf, LARGEST_SIZE_BYTES, permissionsOf, type Entry } from '../model/entry.ts';
import type { VerdictClass } from '../model/verdict.ts';
import { isBeyondRange } from './timestamps.ts';
import { isUnfinished } from './unfinished-mark.ts';

const SECOND_NS = 1_000_000_000;
const CONTENT = Difference.content | Difference.size;

export function judgeDifferences(differences: Differences): VerdictClass {
  if ((differences & Difference.missing) !== 0) return 'missing';
  if ((differences & Difference.kind) !== 0) return 'kind differs';
  if ((differences & Difference.linkGroup) !== 0) return 'links differ';
  return (differences & CONTENT) === 0 ? 'metadata differs' : 'content mismatch';
}

/** "size 5 at the source, 6 at the destination; mode 644, 600". */
export function describeDifferences(differences: Differences, source: Entry, destination: Entry): string {
  const parts: string[] = [];
  const add = (bit: number, what: string, show: (entry: Entry) => string) => {
    if ((differences & bit) !== 0)
      parts.push(`${what} ${show(source)} at the source, ${show(destination)} at the destination`);
  };
  add(Difference.kind, 'kind', (entry) => kindOf(entry.mode));
  add(Difference.size, 'size', (entry) => showSize(entry.sizeBytes));
  add(Difference.mtime, 'mtime', (entry) => showTime(entry.mtimeSec, entry.mtimeNsec));
  if ((differences & Difference.mtime) !== 0 && isBeyondRange(source, destination)) {
    parts.push(`${parts.pop()}, which cannot hold it`);
  }
  add(Difference.mode, 'mode', (entry) => permissionsOf(entry).toString(8).padStart(4, '0'));
  add(Difference.uid, 'uid', (entry) => `${entry.uid}`);
  add(Difference.gid, 'gid', (entry) => `${entry.gid}`);
  if (isUnfinished(source, destination)) parts.push('a run that rewrote it in place was ended');
  else if ((differences & Difference.content) !== 0) parts.push('content differs');
  if ((differences & Difference.acl) !== 0) parts.push('ACL differs');
  if ((differences & Difference.xattr) !== 0) parts.push('extended attributes differ');
  return parts.join('; ');
}

/** Seconds since 1970 with nine digits: what `stat -c %.Y` prints. */
function showTime(sec: number, nsec: number): string {
  const wholeSec = BigInt(sec) + BigInt(Math.floor(nsec / SECOND_NS));
  return `${wholeSec}.${String(nsec % SECOND_NS).padStart(9, '0')}`;
}

function showSize(sizeBytes: number): string {
  return sizeBytes > LARGEST_SIZE_BYTES ? `more than ${LARGEST_SIZE_BYTES}` : `${sizeBytes}`;
}

export interface SourceStates {
  /** The fingerprints Preparing took of that name; none: it did not see it. */
  readonly preparedStates: readonly number[];
  /** The fingerprint now; undefined: the name has gone. */
  readonly sourceState: number | undefined;
}

/**
 * A difference is a wrong copy only where the source is still what Preparing saw.
 */
export function judgeAgainstPrepared(found: VerdictClass, states: SourceStates): VerdictClass {
  const { preparedStates, sourceState } = states;
  if (sourceState === undefined) {
    return found === 'extraneous' && preparedStates.length > 0 ? 'source vanished' : found;
  }
  return preparedStates.includes(sourceState) ? found : 'source changed';
}
