/** Makes system calls of this very process fail, on chosen files only: strace(1) attached to it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Whether strace is there and may attach. */
export function canInject(): boolean {
  const { status } = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']);
  return status === 0 && process.geteuid?.() === 0;
}

/** @param fault as after strace's `--inject=`: `pread64:error=EINTR:when=1` */
export async function withFault<T>(
  fault: string,
  paths: readonly string[],
  act: () => Promise<T>,
): Promise<T> {
  const [calls = ''] = fault.split(':');
  const filters = paths.flatMap((path) => ['-P', path]);
  const options = ['-f', '-o', '/dev/null', ...filters, '-e', `trace=${calls}`, '-e', `inject=${fault}`];
  const strace = spawn('strace', [...options, '-p', String(process.pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(strace.stderr, 'data'); // "Process 123 attached"
  try {
    return await act();
  } finally {
    strace.kill('SIGINT');
    await once(strace, 'close');
  }
}
