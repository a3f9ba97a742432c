/** A failed system call, shaped like Node's own errors: `code`, `errno` (negative), `syscall`, `path`. */
import { constants } from 'node:os';

/** Positive errno values by name, of this architecture. */
export const Errno: Readonly<Record<string, number>> = constants.errno;
export const {
  EACCES, EAGAIN, EBUSY, EEXIST, EINTR, EINVAL, ELOOP, EMFILE, ENFILE, ENODATA, ENOENT, ENOSYS, ENOTDIR,
  ENOTEMPTY, EOPNOTSUPP, EPERM, ERANGE, ESTALE, ETIMEDOUT, EXDEV, ENOSPC, EROFS, EDQUOT, EIO, ENOTTY,
} = constants.errno; // prettier-ignore

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
