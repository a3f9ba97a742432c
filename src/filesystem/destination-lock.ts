/** One sync of a destination at a time: flock(2) on a file of the state directory. */
import { mkdirSync } from 'node:fs';
import { DestinationBusy, LocationError } from '../errors.ts';
import type { Location } from '../model/location.ts';
import { AT_FDCWD, LOCK_EX, LOCK_NB, O_CLOEXEC, O_CREAT, O_NOFOLLOW, O_RDWR } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { check, EAGAIN, EINTR, SystemError } from './linux/system-error.ts';
import { closeQuietly } from './open-directory.ts';

export interface Lock {
  /** The lock file, latin1. It stays: to remove it would let two runs lock two files of one name. */
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Held until released or until the process ends, however it ends.
 * @throws DestinationBusy where another run holds it
 * @throws LocationError where the state directory cannot be used
 */
export async function lockDestination(stateDirectory: string, location: Location): Promise<Lock> {
  const directory = `${stateDirectory}/locks`;
  const path = `${directory}/${location.device}-${location.inode}.lock`;
  const linux = linuxCalls('blocking');
  const fd = await openLockFile(directory, path);
  const result = await tryLock(fd);
  if (result < 0) await closeQuietly(linux, fd);
  if (result === -EAGAIN) throw busy(location, path);
  if (result < 0) throw unusable(path, new SystemError(result, 'flock', path));
  // Nothing was written, and the descriptor is given back, and with it the lock, whatever close says.
  return { path, release: () => closeQuietly(linux, fd) };
}

async function openLockFile(directory: string, path: string): Promise<number> {
  try {
    mkdirSync(Buffer.from(directory, 'latin1'), { recursive: true, mode: 0o700 });
    const flags = O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC;
    return check(await linuxCalls('blocking').openat(AT_FDCWD, path, flags, 0o600), 'openat', path);
  } catch (error) {
    throw unusable(path, error as NodeJS.ErrnoException);
  }
}

async function tryLock(fd: number): Promise<number> {
  const linux = linuxCalls('blocking');
  let result: number;
  do result = await linux.flock(fd, LOCK_EX | LOCK_NB);
  while (result === -EINTR);
  return result;
}

function busy(location: Location, path: string): DestinationBusy {
  const detail = { code: 'EWOULDBLOCK', syscall: 'flock', path };
  return new DestinationBusy(
    `another sync of ${decode(location.path)} is running: it holds ${decode(path)}`,
    detail,
  );
}

function unusable(path: string, cause: NodeJS.ErrnoException): LocationError {
  const reason = cause instanceof SystemError ? cause.reason : cause.message;
  const detail = { code: cause.code ?? '', syscall: cause.syscall ?? '', path, cause };
  return new LocationError(`cannot lock the destination with ${decode(path)}: ${reason}`, detail);
}

function decode(path: string): string {
  return Buffer.from(path, 'latin1').toString();
}
