/** Who this process is to the kernel, from /proc/self/status (proc(5)). */
import type { OwnerRights } from '../model/owner-rights.ts';
import { readProcFile } from './proc-file.ts';

/** @throws LocationError */
export function readOwnRights(): OwnerRights {
  const status = readProcFile('/proc/self/status');
  const numbers = (field: string) => {
    const line = status.split('\n').find((text) => text.startsWith(`${field}:`));
    return (line?.slice(field.length + 1).match(/\d+/g) ?? []).map(Number);
  };
  // Real, effective, saved, and the one the file system checks.
  const uid = numbers('Uid')[3] ?? 0;
  const gid = numbers('Gid')[3] ?? 0;
  return { isRoot: uid === 0, uid, gid, groups: new Set([gid, ...numbers('Groups')]) };
}
