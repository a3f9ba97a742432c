/** Every way in which a call may fail. */
import type { Fault } from './faults.ts';

export const ERRORS = [
  'EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ESTALE', 'ETIMEDOUT', 'EINTR', 'EAGAIN', 'EMFILE', 'ENOENT',
  'EEXIST', 'ENAMETOOLONG', 'EMLINK', 'ELOOP', 'EFBIG', 'ENOMEM',
]; // prettier-ignore

const MOVING = new Set(['pread', 'pwrite', 'copy_file_range', 'node:write', 'node:read']);
/** Calls that cannot be repeated. If the reply is lost, the client resends and gets this error. */
const UNREPEATABLE: Readonly<Record<string, string>> = {
  mkdirat: 'EEXIST',
  mknodat: 'EEXIST',
  symlinkat: 'EEXIST',
  linkat: 'EEXIST',
  renameat: 'ENOENT',
  unlinkat: 'ENOENT',
};
/** Retried without limit (flock), or never called again (openat2). */
const STANDING = new Set(['flock EINTR', 'openat2 EPERM']);
/** Errors that can hide a completed call. */
const LOST_REPLIES = ['EIO', 'ETIMEDOUT', 'ESTALE'];

export function* faultsOf(call: string, nth: number): Iterable<Fault> {
  if (call === 'geteuid') return;
  const repeated = UNREPEATABLE[call];
  for (const kind of ERRORS) {
    // ENOENT for a name that exists would be a lie, so the name must be removed first.
    const timing = call === 'unlinkat' && kind === repeated ? 'after' : 'instead';
    yield { call, nth, kind, lasts: 'once', timing };
    const isForEver = STANDING.has(`${call} ${kind}`);
    if (timing === 'instead' && !isForEver) yield { call, nth, kind, lasts: 'always', timing };
  }
  if (repeated !== undefined) {
    for (const kind of [...LOST_REPLIES, repeated]) yield { call, nth, kind, lasts: 'once', timing: 'after' };
  }
  if (call === 'openat') {
    for (const kind of LOST_REPLIES) yield { call, nth, kind, lasts: 'once', timing: 'after' };
  }
  if (MOVING.has(call) || call === 'getdents64') {
    yield { call, nth, kind: 'short', lasts: 'once', timing: 'instead' };
    yield { call, nth, kind: 'short', lasts: 'always', timing: 'instead' };
  }
  if (call === 'pread' || call === 'pwrite' || call === 'copy_file_range') {
    yield { call, nth, kind: 'nothing', lasts: 'once', timing: 'instead' };
  }
}
