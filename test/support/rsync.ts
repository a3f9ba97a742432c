/** rsync, the tool with whose results and messages ours are compared. */
import { execFileSync } from 'node:child_process';

/** What efs-sync does by default. Times to the nanosecond need `--modify-window=-1`. */
const LIKE_EFS_SYNC = ['-rlptgoHS', '--numeric-ids', '--modify-window=-1'];

/** Arguments to sync the contents of `source` into `destination`. */
export function rsyncCommand(source: string, destination: string, args: readonly string[]): string[] {
  return [...LIKE_EFS_SYNC, ...args, `${source}/`, `${destination}/`];
}

/** Syncs the contents of `source` into `destination`; gives rsync's output. */
export function rsync(source: string, destination: string, args: readonly string[] = []): string {
  return execFileSync('rsync', rsyncCommand(source, destination, args), {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The lines of `--itemize-changes` in the output. */
export function itemizedLines(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => /^[<>ch.*][fdLDSe]/.test(line))
    .toSorted();
}
