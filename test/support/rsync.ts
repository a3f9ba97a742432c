/** rsync, as the tool whose results and words ours are held against. */
import { execFileSync } from 'node:child_process';

/** What efs-sync does unasked. Times to the nanosecond need `--modify-window=-1`. */
const LIKE_EFS_SYNC = ['-rlptgoHS', '--numeric-ids', '--modify-window=-1'];

/** Contents of `source` into `destination`; returns what rsync printed. */
export function rsync(source: string, destination: string, args: readonly string[] = []): string {
  return execFileSync('rsync', [...LIKE_EFS_SYNC, ...args, `${source}/`, `${destination}/`], {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The lines of `--itemize-changes` among what was printed. */
export function itemizedLines(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => /^[<>ch.*][fdLDSe]/.test(line))
    .toSorted();
}
