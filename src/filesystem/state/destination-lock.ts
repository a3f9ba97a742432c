/** Allows one sync of a destination at a time: flock(2) on a file of the state directory. */
import type { ByteString } from '../../model/byte-string.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DestinationBusy,
  Interrupted,
  LocationError,
  type LockHolder,
  StoppedAtTime,
} from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { Location } from '../../model/run/location.ts';
import { AT_FDCWD, LOCK_EX, LOCK_NB, O_CLOEXEC, O_CREAT, O_NOFOLLOW, O_RDWR } from '../../linux/constants.ts';
import { linuxCalls } from '../../linux/linux.ts';
import { EAGAIN, check, EINTR, SystemError } from '../../linux/system-error.ts';
import { closeQuietly } from '../open-directory.ts';
import { LOCKS, makeStateDirectory } from './state-directory.ts';

export interface Lock {
  /** The lock file, latin1. It is never removed: otherwise two runs could lock two files of one name. */
  readonly path: ByteString;
  release(): Promise<void>;
}

export interface LockWait {
  /** How long to wait for another run to end; 0: not at all. */
  readonly waitMs: number;
  /** Aborting it ends the wait. */
  readonly signal: AbortSignal;
  /** Called once, if another run holds the lock. */
  readonly onWait: (holder: LockHolder | undefined) => void;
}

/** Polls, as a waiting flock(2) would occupy a thread that no signal could interrupt. */
const POLL_EVERY_MS = 200;
/** A call that does not wait is rarely interrupted: this many in a row are no coincidence. */
const MOST_INTERRUPTIONS = 100;

/**
 * Held until it is released or the process ends, in whatever way: a killed run leaves no lock.
 * @throws DestinationBusy if another run holds it for longer than `waitMs`
 * @throws LocationError if the state directory cannot be used
 * @throws Interrupted
 */
export async function lockDestination(
  stateDirectory: ByteString,
  location: Location,
  wait: LockWait,
): Promise<Lock> {
  const name = `${location.device}-${location.inode}.lock`;
  const path = `${stateDirectory}/${LOCKS}/${name}`;
  const fd = await openLockFile(stateDirectory, name, path);
  try {
    const result = await lockWithin(fd, wait);
    if (result === -EAGAIN) throw busy(location, path, await readLockNote(fd));
    check(result, 'flock', path);
    await writeLockNote(fd);
  } catch (error) {
    await closeQuietly(linuxCalls('blocking'), fd);
    throw error instanceof SystemError ? unusableLock(path, error) : error;
  }
  // Errors of close are ignored: only a note was written, and the descriptor and its lock are released
  // anyway.
  return { path, release: () => closeQuietly(linuxCalls('blocking'), fd) };
}

async function openLockFile(stateDirectory: ByteString, name: ByteString, path: ByteString): Promise<number> {
  const linux = linuxCalls('blocking');
  const directory = await makeStateDirectory(stateDirectory, LOCKS);
  const fd = await linux.openat(directory, name, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0o600);
  await closeQuietly(linux, directory);
  if (fd < 0) throw unusableLock(path, new SystemError(fd, 'openat', path));
  return fd;
}

/** 0, or -errno: EAGAIN if another run still holds it. */
async function lockWithin(fd: number, { waitMs, signal, onWait }: LockWait): Promise<number> {
  const endMs = performance.now() + waitMs;
  let result = await tryLock(fd);
  if (result === -EAGAIN && waitMs > 0) onWait(await readLockNote(fd));
  while (result === -EAGAIN && performance.now() < endMs) {
    await pause(Math.min(POLL_EVERY_MS, endMs - performance.now()), signal);
    result = await tryLock(fd);
  }
  return result;
}

async function tryLock(fd: number): Promise<number> {
  const linux = linuxCalls('blocking');
  let result = -EINTR;
  for (let tries = 0; result === -EINTR && tries < MOST_INTERRUPTIONS; tries++) {
    result = await linux.flock(fd, LOCK_EX | LOCK_NB);
  }
  return result;
}

async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(durationMs, undefined, { signal });
  } catch (cause) {
    if (signal.reason instanceof StoppedAtTime) throw signal.reason;
    throw new Interrupted('interrupted while another sync of this destination was running', { cause });
  }
}

function busy(location: Location, path: ByteString, holder: LockHolder | undefined): DestinationBusy {
  const who = holder === undefined ? 'it' : `process ${holder.pid}, since ${holder.startedAt},`;
  const detail = { code: 'EWOULDBLOCK', syscall: 'flock', path };
  return new DestinationBusy(
    `another sync of ${displayName(location.path)} is running: ${who} holds ${displayName(path)}`,
    detail,
  );
}

function unusableLock(path: ByteString, cause: SystemError): LocationError {
  const { code, syscall, reason } = cause;
  const detail = { code, syscall, path, cause };
  return new LocationError(`cannot lock the destination with ${displayName(path)}: ${reason}`, detail);
}

/** The note in the lock file, for people and for waiting runs: the run's process and when it began. */
const NOTE_BYTES = 64;
const NOTE = /^(\d{1,10}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n/;

/** Ignores errors: a full disk takes no note, and the lock holds all the same. */
async function writeLockNote(fd: number): Promise<void> {
  const linux = linuxCalls('blocking');
  const pid = Buffer.alloc(NOTE_BYTES);
  const length = await linux.readlinkat(AT_FDCWD, '/proc/self', pid, pid.length);
  if (length < 0) return;
  const note = Buffer.from(`${pid.toString('latin1', 0, length)} ${new Date().toISOString()}\n`);
  await linux.ftruncate(fd, 0);
  await linux.pwrite(fd, note, note.length, 0);
}

/** Undefined if there is no valid note. */
async function readLockNote(fd: number): Promise<LockHolder | undefined> {
  const bytes = Buffer.alloc(NOTE_BYTES);
  const length = await linuxCalls('blocking').pread(fd, bytes, bytes.length, 0);
  const [, pid, startedAt] = NOTE.exec(bytes.toString('latin1', 0, Math.max(0, length))) ?? [];
  return pid === undefined || startedAt === undefined ? undefined : { pid: Number(pid), startedAt };
}
