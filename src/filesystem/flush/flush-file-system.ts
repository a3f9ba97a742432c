/** Flushes a whole file system to the disk. */
import type { ByteString } from '../../model/byte-string.ts';
import { fork } from 'node:child_process';
import { beginOverlapping, callNumber, endOverlapping } from '../../linux/call-notes.ts';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from '../../linux/constants.ts';
import { linuxCalls } from '../../linux/linux.ts';
import { EACCES, check, ENOENT, ENOTDIR } from '../../linux/system-error.ts';
import { closeQuietly } from '../open-directory.ts';
import { FIRST_ERRNO_STATUS } from '../../linux/leave-at-once.ts';
import { unwrittenKib } from '../proc-file.ts';

/** This much is written in a moment. PERF: another process takes 50 ms to start. */
const MOST_HERE_KIB = 16 * 1024;

/**
 * syncfs(2) cannot be interrupted: the kernel keeps a process, even a killed one, until everything is
 * written. If there is much to write, another process makes the call, and finishes it alone if this one ends.
 * Gives 0 or -errno.
 * @param fd anything open on that file system
 */
export async function flushFileSystem(fd: number): Promise<number> {
  const isLittle = (unwrittenKib() ?? Infinity) <= MOST_HERE_KIB;
  return (isLittle ? undefined : await flushElsewhere(fd)) ?? linuxCalls('pooled').syncfs(fd);
}

/** A mount that cannot be entered was not written to; a mount that is gone was flushed by its umount. */
const NOT_ENTERED: ReadonlySet<number> = new Set([-EACCES, -ENOENT, -ENOTDIR]);

/** Holds the mount open while `use` runs; skips a mount that cannot be entered. @throws SystemError */
export async function withMountPoint(path: ByteString, use: (fd: number) => Promise<void>): Promise<void> {
  const linux = linuxCalls('pooled');
  const fd = await linux.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (NOT_ENTERED.has(fd)) return;
  check(fd, 'open', path);
  try {
    await use(fd);
  } finally {
    await closeQuietly(linux, fd);
  }
}

/** Undefined: the process could not start, or ended without a result. */
async function flushElsewhere(fd: number): Promise<number | undefined> {
  // Notes the call as this process's own, so that a stuck flush is reported.
  const slot = beginOverlapping(callNumber('syncfs'), [fd]);
  try {
    const status = await statusOfFlusher(fd);
    if (status === 0) return 0;
    return status === undefined || status < FIRST_ERRNO_STATUS ? undefined : FIRST_ERRNO_STATUS - status;
  } finally {
    endOverlapping(slot);
  }
}

function statusOfFlusher(fd: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    // Detached, so that Ctrl-C in the terminal does not reach it.
    const child = fork(new URL('flusher.cjs', import.meta.url), [], {
      execArgv: [],
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', fd, 'ipc'],
    });
    child.unref();
    child.channel?.unref();
    child.on('error', () => resolve(undefined));
    child.on('exit', (status) => resolve(status ?? undefined));
  });
}
