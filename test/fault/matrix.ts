/** Every way in which a call may fail. */
import type { Fault } from './faults.ts';

export const ERRORS = [
  'EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ESTALE', 'ETIMEDOUT', 'EINTR', 'EAGAIN', 'EMFILE', 'ENOENT',
  'EEXIST', 'ENAMETOOLONG', 'EMLINK', 'ELOOP', 'EFBIG', 'ENOMEM',
]; // prettier-ignore

const MOVING = new Set(['pread', 'pwrite', 'copy_file_range', 'node:write', 'node:read']);
/** What cannot be done twice: the reply is lost, the request is sent again and finds it done. */
const UNREPEATABLE: Readonly<Record<string, string>> = {
  mkdirat: 'EEXIST',
  mknodat: 'EEXIST',
  symlinkat: 'EEXIST',
  linkat: 'EEXIST',
  renameat: 'ENOENT',
  unlinkat: 'ENOENT',
};
/** flock(2) is asked again until it answers; openat2(2) that is forbidden is not asked ever again. */
const STANDING = new Set(['flock EINTR', 'openat2 EPERM']);
/** Errors with which a call may come back that was done. */
const LOST_REPLIES = ['EIO', 'ETIMEDOUT', 'ESTALE'];

export function* faultsOf(call: string, nth: number): Iterable<Fault> {
  // Never fails.
  if (call === 'geteuid') return;
  const repeated = UNREPEATABLE[call];
  for (const kind of ERRORS) {
    // That a name is not there that is would be a lie, of which only its removal makes a truth.
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
