/** Judges a difference found by Verifying, and describes it. */
import type { Below, VerdictClass } from '../../model/run/verdict.ts';
import { Difference, type Differences } from '../../model/change.ts';
import {
  kindOf,
  LARGEST_SIZE_BYTES,
  type Entry,
  permissionsOf,
  type WantedBy,
  type WantedOwner,
} from '../../model/entry.ts';
import type { CompareRule } from './compare.ts';
import { isoTime } from './iso-time.ts';
import { isUnfinished } from './unfinished-marks.ts';

const SECOND_NS = 1_000_000_000;
const CONTENT = Difference.content | Difference.size;

export function judgeDifferences(differences: Differences): VerdictClass {
  if ((differences & Difference.missing) !== 0) return 'missing';
  if ((differences & Difference.kind) !== 0) return 'kind differs';
  if ((differences & Difference.linkGroup) !== 0) return 'links differ';
  return (differences & CONTENT) === 0 ? 'metadata differs' : 'content mismatch';
}

export interface Wanted extends WantedOwner {
  readonly by: WantedBy;
}

export function wantedOf({ wantedOwner, wantedBy }: CompareRule, source: Entry): Wanted {
  return { ...wantedOwner(source), by: wantedBy };
}

/** "size 5 at the source, 6 at the destination; uid 7 wanted (--chown), 0 at the destination". */
export function describeDifferences(
  differences: Differences,
  source: Entry,
  destination: Entry,
  { by, ...wanted }: Wanted,
): string {
  const parts: string[] = [];
  const add = (bit: number, what: string, show: (entry: Entry) => string, option?: string) => {
    if ((differences & bit) === 0) return;
    const there = option === undefined ? 'at the source' : `wanted (${option})`;
    parts.push(`${what} ${show(source)} ${there}, ${show(destination)} at the destination`);
  };
  add(Difference.kind, 'kind', (entry) => kindOf(entry.mode));
  add(Difference.size, 'size', (entry) => showSize(entry.sizeBytes));
  add(Difference.mtime, 'mtime', (entry) => showTime(entry.mtimeSec, entry.mtimeNsec));
  add(Difference.atime, 'atime', (entry) => showTime(entry.atimeSec, entry.atimeNsec));
  add(Difference.mode, 'mode', (entry) => permissionsOf(entry).toString(8).padStart(4, '0'), by.mode);
  for (const id of ['uid', 'gid'] as const) {
    if ((differences & Difference[id]) === 0) continue;
    parts.push(`${id} ${showWanted(source[id], wanted[id], by[id])}, ${destination[id]} at the destination`);
  }
  if (isUnfinished(source, destination)) parts.push('a run was stopped while rewriting it in place');
  else if ((differences & Difference.content) !== 0) parts.push('content differs');
  if ((differences & Difference.acl) !== 0) parts.push('ACL differs');
  if ((differences & Difference.xattr) !== 0) parts.push('extended attributes differ');
  return parts.join('; ');
}

function showWanted(atSource: number, wanted: number | undefined, option: string): string {
  if (wanted === undefined || wanted === atSource) return `${atSource} at the source`;
  return `${wanted} wanted (${option})`;
}

/** "with 3 directories and 1,234 files and other entries in it" */
export function describeBelow(below: Below): string {
  return `it contains ${belowWords(below)}`;
}

export function belowWords({ directories, others, unlisted }: Below): string {
  const parts = [
    directories > 0 && countOf(directories, 'directory', 'directories'),
    others > 0 && countOf(others, 'file or other entry', 'files and other entries'),
    unlisted > 0 && `the contents of ${countOf(unlisted, 'directory', 'directories')} that cannot be listed`,
  ];
  return parts.filter(Boolean).join(' and ');
}

export function countOf(count: number, singular: string, plural: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`;
}

/**
 * For people to read. Years beyond four digits appear as seconds since 1970, as `stat -c %.Y` prints them.
 */
function showTime(sec: number, nsec: number): string {
  const date = isoTime(sec, nsec);
  if (date !== undefined) return date;
  const wholeSec = BigInt(sec) + BigInt(Math.floor(nsec / SECOND_NS));
  return `${wholeSec}.${String(nsec % SECOND_NS).padStart(9, '0')}`;
}

function showSize(sizeBytes: number): string {
  return sizeBytes > LARGEST_SIZE_BYTES ? `more than ${LARGEST_SIZE_BYTES}` : `${sizeBytes}`;
}

export interface SourceStates {
  /** Preparing's fingerprints of that name; empty if Preparing did not see it. */
  readonly preparedStates: readonly number[];
  /** The current fingerprint; undefined if the name is gone. */
  readonly sourceState: number | undefined;
}

/** A difference is a wrong copy only if the source is unchanged since Preparing. */
export function judgeAgainstPrepared(found: VerdictClass, states: SourceStates): VerdictClass {
  const { preparedStates, sourceState } = states;
  if (sourceState === undefined) {
    return found === 'extraneous' && preparedStates.length > 0 ? 'source vanished' : found;
  }
  return preparedStates.includes(sourceState) ? found : 'source changed';
}
