/** Makes system calls of this process fail, on chosen files only: with strace(1) attached to it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Whether strace exists and may attach. */
export function canInject(): boolean {
  const { status } = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']);
  return status === 0 && process.geteuid?.() === 0;
}

/**
 * @param faults in the form of strace's `--inject=`: `pread64:error=EINTR:when=1`; several separated by
 * spaces
 */
export async function withFault<T>(
  faults: string,
  paths: readonly string[],
  act: () => Promise<T>,
): Promise<T> {
  const all = faults.split(' ');
  const calls = all.map((fault) => fault.slice(0, fault.indexOf(':')));
  const injections = all.flatMap((fault) => ['-e', `inject=${fault}`]);
  const filters = paths.flatMap((path) => ['-P', path]);
  const options = ['-f', '-o', '/dev/null', ...filters, '-e', `trace=${calls.join(',')}`, ...injections];
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
