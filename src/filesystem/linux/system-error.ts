/** A failed system call, shaped like Node's own errors: `code`, `errno` (negative), `syscall`, `path`. */
import { constants } from 'node:os';

/** Positive errno values by name, of this architecture. */
export const Errno: Readonly<Record<string, number>> = constants.errno;

/** Node's table has every name on Linux, though its types leave some out. */
function errno(name: string): number {
  const value = Errno[name];
  if (value === undefined) throw new Error(`no errno is called ${name}`);
  return value;
}

export const EACCES = errno('EACCES');
export const EAGAIN = errno('EAGAIN');
export const EBUSY = errno('EBUSY');
export const EDQUOT = errno('EDQUOT');
export const EEXIST = errno('EEXIST');
export const EINTR = errno('EINTR');
export const EINVAL = errno('EINVAL');
export const EIO = errno('EIO');
export const EISDIR = errno('EISDIR');
export const ELOOP = errno('ELOOP');
export const EMFILE = errno('EMFILE');
export const ENAMETOOLONG = errno('ENAMETOOLONG');
export const ENFILE = errno('ENFILE');
export const ENODATA = errno('ENODATA');
export const ENOENT = errno('ENOENT');
export const ENOSPC = errno('ENOSPC');
export const ENOSYS = errno('ENOSYS');
export const ENOTDIR = errno('ENOTDIR');
export const ENOTEMPTY = errno('ENOTEMPTY');
export const ENOTTY = errno('ENOTTY');
export const EOPNOTSUPP = errno('EOPNOTSUPP');
export const EPERM = errno('EPERM');
export const ERANGE = errno('ERANGE');
export const EROFS = errno('EROFS');
export const ESTALE = errno('ESTALE');
export const ETIMEDOUT = errno('ETIMEDOUT');
export const ENXIO = errno('ENXIO');
export const EXDEV = errno('EXDEV');

const NAME_BY_ERRNO = new Map(Object.entries(constants.errno).map(([name, errno]) => [errno, name]));

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

  /** @param result what the call returned: -errno */
  constructor(result: number, syscall: string, path: string) {
    const code = NAME_BY_ERRNO.get(-result) ?? `E${-result}`;
    const reason = describe(-result);
    super(`${code}: ${reason}, ${syscall} '${path}'`);
    this.name = 'SystemError';
    this.code = code;
    this.errno = result;
    this.syscall = syscall;
    this.path = path;
    this.reason = reason;
  }
}

/** The result of a call, or a SystemError where it is -errno. */
export function check(result: number, syscall: string, path: string): number {
  if (result < 0) throw new SystemError(result, syscall, path);
  return result;
}
