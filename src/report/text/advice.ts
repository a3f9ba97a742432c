/** Advice on a problem and on an error that ended the run. */
import type { Problem } from '../../model/run/problem.ts';
import { outcomeOfError } from '../../policy/decide-outcome.ts';
import type { ErrorReason } from '../../model/run/outcome.ts';

const DENIED =
  'Run as root on mounts that do not squash root, or give this user the permissions. “efs-sync preflight” shows what stands in the way.';
const PASSING = 'This is usually temporary: run it again. If it persists, check the network and the server.';
const TOO_MUCH =
  'The destination cannot store it. Change it in the source or leave it out with --exclude, then run it again.';

const BY_CODE: Readonly<Record<string, string>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  EAGAIN: PASSING,
  EBUSY: PASSING,
  EINTR: PASSING,
  ESTALE: PASSING,
  ETIMEDOUT: PASSING,
  EIO: 'A disk or a server failed to read or write. Check this machine’s kernel log (dmesg) and the server, then run it again.',
  EDQUOT:
    'On EFS: this client has too many files open, or too many users have files open. Run it again with fewer calls in flight (--concurrency=N). Elsewhere a quota is used up: make room, or have it raised.',
  ENOTEMPTY: 'A directory is in the way. Move it away, or run with --delete or --force.',
  EMFILE: 'Too many files were open. Raise the limit (ulimit -n), then run it again.',
};

const BY_DESTINATION_CODE: Readonly<Record<string, string>> = {
  ENAMETOOLONG: TOO_MUCH,
  EFBIG: TOO_MUCH,
  EMLINK: TOO_MUCH,
  EILSEQ: TOO_MUCH,
  EINVAL: TOO_MUCH,
  EOPNOTSUPP: TOO_MUCH,
  ENOSPC:
    'There is no room for it: its file system is full, or cannot store attributes of that size. Make room or leave it out with --exclude, then run it again.',
};

const BY_CLASS: Readonly<Record<Problem['class'], string>> = {
  failed: 'Check the path yourself, then run it again. Files that are already copied are not copied again.',
  vanished:
    'It disappeared from the source during the run. Run it again: if it is still gone, it no longer counts.',
  changed:
    'Someone wrote to it while it was being copied. Run it again when nobody is writing to it, or sync a snapshot.',
};

export function adviceOnProblem({ class: problemClass, side, code, attempt }: Problem): string {
  if (problemClass !== 'failed') return BY_CLASS[problemClass];
  if (attempt === 'find') return 'The --files-from list names something that the source does not have.';
  const ofDestination = side === 'destination' ? BY_DESTINATION_CODE[code] : undefined;
  return ofDestination ?? BY_CODE[code] ?? BY_CLASS.failed;
}

/** Undefined if the message itself says what to do. */
export function adviceOnError(error: unknown): string | undefined {
  const outcome = outcomeOfError(error);
  if (outcome.status !== 'Error') return undefined;
  const { code } = error as { code?: string };
  return BY_ERROR_CODE[code ?? ''] ?? BY_REASON[outcome.reason];
}

const BY_ERROR_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'Check that the path is right and that its file system is mounted, then run it again.',
  ENOTDIR: 'Name a directory: efs-sync copies the contents of one directory to another.',
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: 'Mount the destination for writing (mount -o remount,rw), then run it again.',
  ENOSPC:
    'Make room at the destination, then run it again. Files that are already copied are not copied again.',
  EDQUOT:
    'Make room or have the quota raised, then run it again. Files that are already copied are not copied again.',
};

const BY_REASON: Readonly<Record<ErrorReason, string>> = {
  usage: 'Correct the command line or the task file. “efs-sync --help” and “man efs-sync” list every option.',
  location:
    'Nothing was changed. Fix what the message names, then run it again. “efs-sync preflight” checks more.',
  fatal: 'Fix what the message names, then run it again. Files that are already copied are not copied again.',
  'timed out': PASSING,
  busy: 'Another sync is writing to this destination. Run it again when that has finished, or use --wait.',
  bug: 'Please report it with this page.',
};
