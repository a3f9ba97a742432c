/**
 * Sets owner, extended attributes, mode, then times, in an order in which no step undoes or forbids another.
 */
import type { ByteString, Shown } from '../../model/byte-string.ts';
import type { AttemptName } from '../../model/run/problem.ts';
import {
  type Timestamp,
  isSymlink,
  type Entry,
  permissionsOf,
  SET_ID_BITS,
  type WantedMetadata,
} from '../../model/entry.ts';
import {
  type AttributeGrant,
  type AttributeTarget,
  writeExtendedAttributes,
  type ExtendedAttributes,
} from './extended-attributes.ts';
import { AT_EMPTY_PATH, UTIME_NOW } from '../../linux/constants.ts';
import type { Linux } from '../../linux/call-table.ts';
import { check, EPERM, SystemError } from '../../linux/system-error.ts';
import { chmodHandle } from './set-mode.ts';
import { takeTimespecs, releaseTimespecs } from '../../linux/times.ts';

/** An open file or directory, or a name held by O_PATH. */
export interface MetadataTarget {
  readonly linux: Linux;
  readonly fd: number;
  readonly path: ByteString;
  readonly isPathHandle: boolean;
}

export interface AttributesToWrite {
  readonly at: AttributeTarget;
  readonly wanted: ExtendedAttributes;
  readonly choice: AttributeGrant;
}

/** uid or gid -1 of chown(2): leave as it is. */
const UNCHANGED = 0xffffffff;

/** A part that could not be set while the rest was. */
export interface MetadataFailure {
  readonly attempt: AttemptName;
  readonly error: SystemError;
  /** Set if it was not even tried. */
  readonly reason?: Shown;
}

/**
 * Makes calls only for values that differ from `actual`. Gives the failures of owner and attributes, which
 * leave a usable entry behind. @throws SystemError if the mode cannot be set
 */
export async function applyMetadata(
  target: MetadataTarget,
  actual: Entry,
  wanted: WantedMetadata,
  attributes?: AttributesToWrite,
): Promise<MetadataFailure[]> {
  const failures: MetadataFailure[] = [];
  const owner = hasRightOwner(actual, wanted) ? 'right' : await setOwner(target, wanted);
  if (owner instanceof SystemError) failures.push({ attempt: 'set owner', error: owner });
  if (attributes !== undefined) {
    const failure = await tryAttributes(attributes, !(owner instanceof SystemError));
    if (failure !== undefined) failures.push(failure);
  }
  const mode = modeToSet(actual, wanted.mode, owner);
  if (mode !== undefined) await setMode(target, mode);
  return failures;
}

/** The last step, as the others move ctime alone. Makes a call only if the times differ. @throws SystemError */
export async function applyTimes(
  target: MetadataTarget,
  actual: Entry,
  wanted: WantedMetadata,
): Promise<void> {
  if (!hasRightTimes(actual, wanted)) await setTimes(target, actual, wanted);
}

type OwnerResult = 'right' | 'changed' | SystemError;

function hasRightOwner(actual: Entry, { uid, gid }: WantedMetadata): boolean {
  return (uid === undefined || uid === actual.uid) && (gid === undefined || gid === actual.gid);
}

async function setOwner(target: MetadataTarget, wanted: WantedMetadata): Promise<OwnerResult> {
  const { uid = UNCHANGED, gid = UNCHANGED } = wanted;
  const { linux, fd } = target;
  const result = await linux.fchownat(fd, '', uid, gid, AT_EMPTY_PATH);
  // A user who may not give a file away may still give it to one of their groups.
  if (result === -EPERM && gid !== UNCHANGED) await linux.fchownat(fd, '', UNCHANGED, gid, AT_EMPTY_PATH);
  return result < 0 ? new SystemError(result, 'fchownat', target.path) : 'changed';
}

/** Undefined if the mode is already right. The kernel clears set-id bits on chown. */
function modeToSet(actual: Entry, mode: number | undefined, owner: OwnerResult): number | undefined {
  if (mode === undefined || isSymlink(actual)) return undefined;
  const safeMode = owner instanceof SystemError ? mode & ~SET_ID_BITS : mode;
  const wasCleared = owner === 'changed' && (safeMode & SET_ID_BITS) !== 0;
  return safeMode === permissionsOf(actual) && !wasCleared ? undefined : safeMode;
}

async function setMode(target: MetadataTarget, mode: number): Promise<void> {
  if (target.isPathHandle) await chmodHandle(target, mode);
  else check(await target.linux.fchmod(target.fd, mode), 'fchmod', target.path);
}

/** An entry with the wrong owner gets no privileged attributes, and no set-id bits. */
async function tryAttributes(
  { at, wanted, choice }: AttributesToWrite,
  isOwnerRight: boolean,
): Promise<MetadataFailure | undefined> {
  const attempt = 'set attributes';
  const { xattr, acl, mayGrant } = choice;
  try {
    const withheld = await writeExtendedAttributes(at, wanted, {
      xattr,
      acl,
      mayGrant: mayGrant && isOwnerRight,
    });
    if (withheld === undefined) return undefined;
    const reason = `${withheld} is set only on content that this run wrote, with the right owner`;
    return { attempt, error: new SystemError(-EPERM, `setxattr ${withheld}`, at.path), reason };
  } catch (error) {
    if (error instanceof SystemError) return { attempt, error };
    throw error;
  }
}

function hasRightTimes(actual: Entry, { mtime, atime }: WantedMetadata): boolean {
  return (
    (mtime === undefined || (mtime.sec === actual.mtimeSec && mtime.nsec === actual.mtimeNsec)) &&
    (atime === undefined || (atime.sec === actual.atimeSec && atime.nsec === actual.atimeNsec))
  );
}

/**
 * Sets both times at once: libfuse 2 file systems report success for a call that omits one, and set neither.
 */
async function setTimes(target: MetadataTarget, actual: Entry, wanted: WantedMetadata): Promise<void> {
  const { linux, fd, path, isPathHandle } = target;
  const { atime = atimeOf(actual), mtime = mtimeOf(actual) } = wanted;
  const times = takeTimespecs(atime, mtime);
  // Linux 5.8 and newer take an O_PATH descriptor.
  const call = isPathHandle ? linux.utimensat(fd, '', times, AT_EMPTY_PATH) : linux.futimens(fd, times);
  const result = await call;
  releaseTimespecs(times);
  check(result, 'utimensat', path);
}

const NOW: Timestamp = { sec: 0, nsec: UTIME_NOW };

/** The access time of a new file is now, if nobody has asked for it (change-place.ts). */
function atimeOf({ atimeSec: sec, atimeNsec: nsec }: Entry): Timestamp {
  return nsec < 0 ? NOW : { sec, nsec };
}

function mtimeOf({ mtimeSec: sec, mtimeNsec: nsec }: Entry): Timestamp | undefined {
  return nsec < 0 ? undefined : { sec, nsec };
}
