/** Sets owner, extended attributes, mode and times, in the order in which none undoes or denies another. */
import { isSymlink, permissionsOf, type Entry } from '../model/entry.ts';
import type { WantedMetadata } from '../model/wanted-metadata.ts';
import {
  writeExtendedAttributes,
  type AttributeChoice,
  type AttributeTarget,
  type ExtendedAttributes,
} from './extended-attributes.ts';
import { AT_EMPTY_PATH } from './linux/constants.ts';
import type { Linux } from './linux/call-table.ts';
import { check, SystemError } from './linux/system-error.ts';
import { chmodHandle } from './set-mode.ts';
import { withTimespecs } from './timespec.ts';

/** What is open: a file or directory, or a name held by O_PATH. */
export interface MetadataTarget {
  readonly linux: Linux;
  readonly fd: number;
  readonly path: string;
  readonly isPathHandle: boolean;
}

export interface AttributesToWrite {
  readonly at: AttributeTarget;
  readonly wanted: ExtendedAttributes;
  readonly choice: AttributeChoice;
}

/** Set-id bits: the kernel clears them on chown, and they must not exist while the owner is wrong. */
const SET_ID_BITS = 0o6000;
/** uid or gid -1 of chown(2): leave as it is. */
const UNCHANGED = 0xffffffff;

/** A part that could not be set while the rest was: "set the owner of". */
export interface MetadataFailure {
  readonly attempt: string;
  readonly error: SystemError;
}

/**
 * Calls only for what differs from `actual`. Gives the failures of owner and attributes, which leave a
 * usable entry behind. @throws SystemError where mode or times cannot be set
 */
export async function applyMetadata(
  target: MetadataTarget,
  actual: Entry,
  wanted: WantedMetadata,
  attributes?: AttributesToWrite,
): Promise<MetadataFailure[]> {
  const failures: MetadataFailure[] = [];
  const owner = await setOwner(target, actual, wanted);
  if (owner instanceof SystemError) failures.push({ attempt: 'set the owner of', error: owner });
  if (attributes !== undefined) {
    const error = await tryAttributes(attributes);
    if (error !== undefined) failures.push({ attempt: 'set the extended attributes of', error });
  }
  await setMode(target, actual, { mode: wanted.mode, owner });
  await setTimes(target, actual, wanted);
  return failures;
}

type OwnerResult = 'right' | 'changed' | SystemError;

async function setOwner(target: MetadataTarget, actual: Entry, wanted: WantedMetadata): Promise<OwnerResult> {
  const uid = wanted.uid === undefined || wanted.uid === actual.uid ? UNCHANGED : wanted.uid;
  const gid = wanted.gid === undefined || wanted.gid === actual.gid ? UNCHANGED : wanted.gid;
  if (uid === UNCHANGED && gid === UNCHANGED) return 'right';
  const result = await target.linux.fchownat(target.fd, '', uid, gid, AT_EMPTY_PATH);
  return result < 0 ? new SystemError(result, 'fchownat', target.path) : 'changed';
}

async function setMode(
  target: MetadataTarget,
  actual: Entry,
  { mode, owner }: { mode: number | undefined; owner: OwnerResult },
): Promise<void> {
  if (mode === undefined || isSymlink(actual)) return;
  const safeMode = owner instanceof SystemError ? mode & ~SET_ID_BITS : mode;
  const wasCleared = owner === 'changed' && (safeMode & SET_ID_BITS) !== 0;
  if (safeMode === permissionsOf(actual) && !wasCleared) return;
  if (target.isPathHandle) await chmodHandle(target, safeMode);
  else check(await target.linux.fchmod(target.fd, safeMode), 'fchmod', target.path);
}

async function tryAttributes({ at, wanted, choice }: AttributesToWrite): Promise<SystemError | undefined> {
  try {
    await writeExtendedAttributes(at, wanted, choice);
    return undefined;
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
}

async function setTimes(target: MetadataTarget, actual: Entry, wanted: WantedMetadata): Promise<void> {
  const { mtime, atime } = wanted;
  const isMtimeRight =
    mtime === undefined || (mtime.sec === actual.mtimeSec && mtime.nsec === actual.mtimeNsec);
  const isAtimeRight =
    atime === undefined || (atime.sec === actual.atimeSec && atime.nsec === actual.atimeNsec);
  if (isMtimeRight && isAtimeRight) return;
  const { linux, fd, path, isPathHandle } = target;
  const result = await withTimespecs(atime, mtime, (times) =>
    // Linux 5.8 and newer take an O_PATH descriptor.
    isPathHandle ? linux.utimensat(fd, '', times, AT_EMPTY_PATH) : linux.futimens(fd, times),
  );
  check(result, 'utimensat', path);
}
