/** Brings all of a file system to the disk. */
import { fork } from 'node:child_process';
import { beginOverlapping, callNumber, endOverlapping } from './linux/call-notes.ts';
import { linuxCalls } from './linux/linux.ts';
import { FIRST_ERRNO_STATUS } from './flusher-status.ts';
import { unwrittenKib } from './unwritten-data.ts';

/** So little is written within a moment. PERF: another process takes 50 ms to start. */
const MOST_HERE_KIB = 16 * 1024;

/**
 * syncfs(2), which nothing can call off: the kernel keeps a process whose thread is in it, killed or not, until all is
 * written. So where there is much to write another process makes the call, and goes on with it alone where this one
 * ends. Gives 0 or -errno. @param fd anything open there
 */
export async function flushFileSystem(fd: number): Promise<number> {
  const isLittle = (unwrittenKib() ?? Infinity) <= MOST_HERE_KIB;
  return (isLittle ? undefined : await flushElsewhere(fd)) ?? linuxCalls('pooled').syncfs(fd);
}

/** Undefined: there is no such process, or it ended before it could say. */
async function flushElsewhere(fd: number): Promise<number | undefined> {
  // Who looks for what hangs sees it as a call of this process.
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
    // A Ctrl-C in the terminal is not for it.
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
