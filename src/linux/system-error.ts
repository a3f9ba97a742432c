/** A failed system call, in the shape of Node's own errors: `code`, `errno` (negative), `syscall`, `path`. */
import type { ByteString, Shown } from '../model/byte-string.ts';
import { constants } from 'node:os';
import type { Side } from '../model/task.ts';

/** Positive errno values by name, of this architecture. */
const Errno: Readonly<Record<string, number>> = constants.errno;

/** Node's table has every name on Linux, though its types leave some out. */
function errnoOf(name: string): number {
  const value = Errno[name];
  if (value === undefined) throw new Error(`no errno is called ${name}`);
  return value;
}

export const EACCES = errnoOf('EACCES');
export const EAGAIN = errnoOf('EAGAIN');
export const EBUSY = errnoOf('EBUSY');
export const EEXIST = errnoOf('EEXIST');
export const EFBIG = errnoOf('EFBIG');
export const EINTR = errnoOf('EINTR');
export const EINVAL = errnoOf('EINVAL');
export const EIO = errnoOf('EIO');
export const EISDIR = errnoOf('EISDIR');
export const ELOOP = errnoOf('ELOOP');
export const ENAMETOOLONG = errnoOf('ENAMETOOLONG');
export const ENODATA = errnoOf('ENODATA');
export const EMLINK = errnoOf('EMLINK');
export const ENOLINK = errnoOf('ENOLINK');
export const ENOENT = errnoOf('ENOENT');
export const ENOSYS = errnoOf('ENOSYS');
export const ENOTDIR = errnoOf('ENOTDIR');
export const ENOTEMPTY = errnoOf('ENOTEMPTY');
export const EOPNOTSUPP = errnoOf('EOPNOTSUPP');
export const EPERM = errnoOf('EPERM');
export const ENXIO = errnoOf('ENXIO');
export const EROFS = errnoOf('EROFS');
export const ESTALE = errnoOf('ESTALE');
export const ETIME = errnoOf('ETIME');
export const EXDEV = errnoOf('EXDEV');

/** Prefers the kernel's name where two share a number: not EWOULDBLOCK or ENOTSUP. */
const NAME_BY_ERRNO = new Map<number, string>([
  ...Object.entries(constants.errno).map(([name, value]): [number, string] => [value, name]),
  [EAGAIN, 'EAGAIN'],
  [EOPNOTSUPP, 'EOPNOTSUPP'],
]);

/** Describes an errno; replaced by libc's strerror when the call table loads. */
let describe: (errno: number) => string = (errno) => `error ${errno}`;

export function describeErrorsWith(strerror: (errno: number) => string): void {
  describe = strerror;
}

/** ENOLINK of statx is what `--copy-links` makes of a link; libc's words for it are of another matter. */
function reasonOf(errno: number, syscall: string): string {
  return errno === ENOLINK && syscall === 'statx' ? 'symbolic link that leads to nothing' : describe(errno);
}

export class SystemError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly path: ByteString;
  /** The meaning of the error, for people to read. */
  readonly reason: Shown;
  /** The side whose file failed, if the caller knows it. */
  side: Side | undefined;
  /** Whether the whole destination is full or read-only; undefined until somebody has checked. */
  endsRun: boolean | undefined;

  /**
   * @param result what the call returned: -errno. A caller that refuses to make the call passes the errno
   * with its own `reason`.
   */
  constructor(result: number, syscall: string, path: string, reason = reasonOf(-result, syscall)) {
    const code = NAME_BY_ERRNO.get(-result) ?? `E${-result}`;
    super(`${code}: ${reason}, ${syscall} '${path}'`);
    this.name = 'SystemError';
    this.code = code;
    this.errno = result;
    this.syscall = syscall;
    this.path = path;
    this.reason = reason;
    this.side = undefined;
    this.endsRun = undefined;
  }
}

export function isGone(error: unknown): boolean {
  return error instanceof SystemError && error.errno === -ENOENT;
}

/** The path, or one above it, is no directory: some file systems list a file as a directory. */
export function isNoDirectory(error: unknown): boolean {
  if (!(error instanceof SystemError)) return false;
  return error.errno === -ENOTDIR || (error.errno === -ELOOP && !isOfFollowing(error));
}

/** `--copy-links`: links lead in a circle. Otherwise statx never meets a link. */
function isOfFollowing({ code, syscall }: Pick<SystemError, 'code' | 'syscall'>): boolean {
  return code === 'ELOOP' && syscall === 'statx';
}

/**
 * The error comes from a mount on that very name. Retries do not help, and it is not the file system's fault.
 */
export class MountPointError extends SystemError {}

/** What was to be replaced or deleted cannot be backed up, and so stays. */
export class BackupError extends SystemError {}

/** As `check`, for a file that may know its side. */
export function checkFile(
  result: number,
  syscall: string,
  file: { readonly path: ByteString; readonly side?: Side | undefined },
): number {
  if (result >= 0) return result;
  const error = new SystemError(result, syscall, file.path);
  error.side = file.side;
  throw error;
}

/** Gives the result of a call. @throws SystemError if the result is -errno */
export function check(result: number, syscall: string, path: string): number {
  if (result < 0) throw new SystemError(result, syscall, path);
  return result;
}
