/** Runs efs-sync once and gives the most memory that the whole process, all its threads together, has had. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Both paths are relative to bench/dist/memory. */
const REPORT_PEAK = fileURLToPath(new URL('../../memory/report-peak.cjs', import.meta.url));
const EFS_SYNC = fileURLToPath(new URL('../../../bin/efs-sync.js', import.meta.url));

/** @throws Error if the command fails, since a failed run may have used less memory */
export function measurePeakBytes(...args: readonly string[]): number {
  const command = ['--require', REPORT_PEAK, EFS_SYNC, '--quiet', ...args];
  const { status, stderr } = spawnSync(process.execPath, command, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`efs-sync ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return Number(stderr.trimEnd().split('\n').at(-1)) * 1024;
}
