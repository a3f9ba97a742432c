/** A failed system call, shaped like Node's own errors: `code`, `errno` (negative), `syscall`, `path`. */
import { constants } from 'node:os';
import type { Side } from '../../model/task.ts';

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

/** Of two names for one number the kernel's, not EWOULDBLOCK or ENOTSUP. */
const NAME_BY_ERRNO = new Map<number, string>([
  ...Object.entries(constants.errno).map(([name, value]): [number, string] => [value, name]),
  [EAGAIN, 'EAGAIN'],
  [EOPNOTSUPP, 'EOPNOTSUPP'],
]);

/** Says what errno means; replaced by libc's strerror when the call table loads. */
let describe: (errno: number) => string = (errno) => `error ${errno}`;

export function describeErrorsWith(strerror: (errno: number) => string): void {
  describe = strerror;
}

export class SystemError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly path: string;
  /** What the error means, for a person. */
  readonly reason: string;
  /** Whose file it was, where a caller that knows both sides says so. */
  side: Side | undefined;
  /** Whether the whole destination takes no more, where that was asked. */
  endsRun: boolean | undefined;

  /** @param result what the call returned: -errno; or would have, where it was not made for a `reason` */
  constructor(result: number, syscall: string, path: string, reason = describe(-result)) {
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

/** The path, or one above it, has something else: file systems may list a name as a directory that is none. */
export function isNoDirectory(error: unknown): boolean {
  return error instanceof SystemError && (error.errno === -ENOTDIR || error.errno === -ELOOP);
}
/** Something is mounted right there: that neither passes, nor is it for the file system to say so. */
export class MountPointError extends SystemError {}

/** As `check`, of a file that may know whose it is. */
export function checkFile(
  result: number,
  syscall: string,
  file: { readonly path: string; readonly side?: Side },
): number {
  if (result >= 0) return result;
  const error = new SystemError(result, syscall, file.path);
  error.side = file.side;
  throw error;
}

/** The result of a call, or a SystemError where it is -errno. */
export function check(result: number, syscall: string, path: string): number {
  if (result < 0) throw new SystemError(result, syscall, path);
  return result;
}
