/**
 * Entry of the process that flush-file-system.ts starts: flushes the file system of its descriptor 3, then
 * ends.
 */
import { FIRST_ERRNO_STATUS, leaveAtOnce } from '../../linux/leave-at-once.ts';
import { linuxCalls } from '../../linux/linux.ts';

const GIVEN_FD = 3;

async function flush(): Promise<void> {
  const result = await linuxCalls('blocking').syncfs(GIVEN_FD);
  leaveAtOnce(result < 0 ? FIRST_ERRNO_STATUS - result : 0);
}

void flush();
