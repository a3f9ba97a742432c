/**
 * Recognises paths that a run leaves out by itself: files that the run writes, and deleted files that a
 * process still has open. Tells of all that is left out.
 */
import type { ByteString, Shown } from '../model/byte-string.ts';
import { type Identity, sameIdentity } from '../model/entry.ts';
import type { RunFile, RunFiles, SparedPath } from '../model/run/run-file.ts';
import { displayName } from '../model/display-name.ts';

/**
 * The endings that logrotate adds to a log's name: `.1`, `.2.gz`, `-20260131`, `-20260131-1769817600.zst`.
 */
const ROTATED = /^[.-]\d+(?:-\d+)*(?:\.(?:gz|bz2|xz|zst|lz4|Z))?$/;
/** The temporary name of a file that will replace another. */
const UNFINISHED = /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.efs-sync$/;

const LOW_32_BITS = 0xffff_ffffn;

/** Run files that are, or will be, in that directory. */
export function runFilesIn({ files }: RunFiles, directory: Identity): readonly RunFile[] {
  return files.filter((file) => sameIdentity(file.directory, directory));
}

/** The run file that has or had that name, or will replace it. @param files all run files of one directory */
export function runFileNamed(files: readonly RunFile[], name: ByteString): RunFile | undefined {
  return files.find((file) => {
    if (file.name === name) return true;
    if (file.use === 'replaced') return isUnfinishedName(name);
    return (
      file.use === 'appended' && name.startsWith(file.name) && ROTATED.test(name.slice(file.name.length))
    );
  });
}

/** Such a file is gone or renamed within a moment, so no report mentions it. */
export function isUnfinishedName(name: ByteString): boolean {
  return UNFINISHED.test(name);
}

/** Finds a run file by identity, whatever its name. */
export function runFileOf({ files }: RunFiles, identity: Identity): RunFile | undefined {
  return files.find(({ found }) => found !== undefined && sameIdentity(found, identity));
}

/** The low 32 bits of the run files' inode numbers on a device; undefined if it has no run files. */
export function inodesOn({ files }: RunFiles, device: number): ReadonlySet<number> | undefined {
  const found = files.flatMap((file) => (file.found?.device === device ? [file.found.inode] : []));
  return found.length === 0 ? undefined : new Set(found.map(lowBits));
}

export function lowBits(inode: bigint): number {
  return Number(inode & LOW_32_BITS);
}

/** The directory contains a run file at some depth, so it must not be removed. */
export function leadsToRunFile({ above }: RunFiles, directory: Identity): boolean {
  return above.some((each) => sameIdentity(each, directory));
}

/** The run itself makes and removes files there, so the directory's mtime says nothing. */
export function isMovedByRun(runFiles: RunFiles, directory: Identity): boolean {
  return runFilesIn(runFiles, directory).some(({ use }) => use !== 'fixed');
}

/**
 * The name that a Linux NFS client gives a file that is removed or replaced while a process has it open:
 * `.nfs`, the file's number in 16 hexadecimal digits, a count in 8. It disappears when the file is closed.
 */
const SILLY_NAME = /^\.nfs[0-9a-f]{24}$/;
const LENGTH = 28;
const [NUMBER_START, NUMBER_END] = [4, 20];

/** A cheap check that every such name passes; `isSillyName` then decides. */
export function mayBeSilly(name: ByteString): boolean {
  return name.length === LENGTH && name.startsWith('.nfs');
}

/** False for a copy of such a file, which has another inode number. */
export function isSillyName(name: ByteString, inode: bigint): boolean {
  return SILLY_NAME.test(name) && BigInt(`0x${name.slice(NUMBER_START, NUMBER_END)}`) === inode;
}

const MOST_NAMED = 10;

/** For the report. */
export function describeSpared(spared: readonly SparedPath[]): string[] {
  const ofRun = spared.filter(({ what }) => what !== undefined);
  const ofOthers = spared.filter(({ what }) => what === undefined);
  const open = ofOthers.filter(({ partOf }) => partOf === undefined);
  return [
    ...describe('skipped because this run uses them', ofRun),
    ...describe('skipped because they are deleted files that a process still has open', open),
    ...describe('skipped because they hold snapshots', partsOf('snapshots', ofOthers)),
    ...describe('skipped because they are part of a file system itself', partsOf('file system', ofOthers)),
  ];
}

function partsOf(what: SparedPath['partOf'], spared: readonly SparedPath[]): SparedPath[] {
  return spared.filter(({ partOf }) => partOf === what);
}

function describe(why: string, paths: readonly SparedPath[]): string[] {
  if (paths.length === 0) return [];
  const named = paths.map(describePath).toSorted().slice(0, MOST_NAMED);
  const rest = paths.length - named.length;
  return [`${why}: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`];
}

function describePath({ side, path, what }: SparedPath): Shown {
  return `${displayName(path)} in the ${side}${what === undefined ? '' : ` (${what})`}`;
}
