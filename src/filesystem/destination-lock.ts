/** One sync of a destination at a time: flock(2) on a file of the state directory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DestinationBusy, Interrupted, LocationError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Location } from '../model/location.ts';
import type { LockHolder } from '../model/lock-holder.ts';
import { LOCK_EX, LOCK_NB, O_CLOEXEC, O_CREAT, O_NOFOLLOW, O_RDWR } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { check, EAGAIN, EINTR, SystemError } from './linux/system-error.ts';
import { readLockNote, writeLockNote } from './lock-note.ts';
import { closeQuietly } from './open-directory.ts';
import { LOCKS, makeStateDirectory } from './state-directory.ts';

export interface Lock {
  /** The lock file, latin1. It stays: to remove it would let two runs lock two files of one name. */
  readonly path: string;
  release(): Promise<void>;
}

export interface LockWait {
  /** How long to wait for another run to end; 0 does not. */
  readonly waitMs: number;
  /** Aborted: wait no more. */
  readonly signal: AbortSignal;
  /** Called once, where there is somebody to wait for. */
  readonly onWait: (holder: LockHolder | undefined) => void;
}

/** flock(2) that waits would hold a thread, and no signal would end it. */
const POLL_EVERY_MS = 200;
/** Of a call that does not wait: more of them in a row are no chance. */
const MOST_INTERRUPTIONS = 100;

/**
 * Held until released or until the process ends, however it ends: what a killed run leaves is no lock.
 * @throws DestinationBusy where another run holds it, and does for longer than may be waited
 * @throws LocationError where the state directory cannot be used
 * @throws Interrupted
 */
export async function lockDestination(
  stateDirectory: string,
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
    throw error instanceof SystemError ? unusable(path, error) : error;
  }
  // All that was written is a note, and the descriptor is given back, and with it the lock, whatever close says.
  return { path, release: () => closeQuietly(linuxCalls('blocking'), fd) };
}

async function openLockFile(stateDirectory: string, name: string, path: string): Promise<number> {
  const linux = linuxCalls('blocking');
  const directory = await makeStateDirectory(stateDirectory, LOCKS);
  const fd = await linux.openat(directory, name, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0o600);
  await closeQuietly(linux, directory);
  if (fd < 0) throw unusable(path, new SystemError(fd, 'openat', path));
  return fd;
}

/** 0, or -errno: EAGAIN where it is held by another still. */
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
    throw new Interrupted('interrupted while another sync of this destination was running', { cause });
  }
}

function busy(location: Location, path: string, holder: LockHolder | undefined): DestinationBusy {
  const who = holder === undefined ? 'it' : `process ${holder.pid}, since ${holder.startedAt},`;
  const detail = { code: 'EWOULDBLOCK', syscall: 'flock', path };
  return new DestinationBusy(
    `another sync of ${displayName(location.path)} is running: ${who} holds ${displayName(path)}`,
    detail,
  );
}

function unusable(path: string, cause: SystemError): LocationError {
  const { code, syscall, reason } = cause;
  const detail = { code, syscall, path, cause };
  return new LocationError(`cannot lock the destination with ${displayName(path)}: ${reason}`, detail);
}
