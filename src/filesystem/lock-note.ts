/** What a run writes into its lock file for people and for runs that wait: its process and when it began. */
import type { LockHolder } from '../model/lock-holder.ts';
import { AT_FDCWD } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';

const LONGEST_BYTES = 64;
const NOTE = /^(\d{1,10}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n/;

/** A disk that is full takes no note, and the lock holds all the same: results are not looked at. */
export async function writeLockNote(fd: number): Promise<void> {
  const linux = linuxCalls('blocking');
  const pid = Buffer.alloc(LONGEST_BYTES);
  const length = await linux.readlinkat(AT_FDCWD, '/proc/self', pid, pid.length);
  if (length < 0) return;
  const note = Buffer.from(`${pid.toString('latin1', 0, length)} ${new Date().toISOString()}\n`);
  await linux.ftruncate(fd, 0);
  await linux.pwrite(fd, note, note.length, 0);
}

/** Undefined: there is none, or none that looks like one. */
export async function readLockNote(fd: number): Promise<LockHolder | undefined> {
  const bytes = Buffer.alloc(LONGEST_BYTES);
  const length = await linuxCalls('blocking').pread(fd, bytes, bytes.length, 0);
  const [, pid, startedAt] = NOTE.exec(bytes.toString('latin1', 0, Math.max(0, length))) ?? [];
  return pid === undefined || startedAt === undefined ? undefined : { pid: Number(pid), startedAt };
}
