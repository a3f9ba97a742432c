/** Copies, removes and compares with many processes: what is not measured should not take minutes on a mount. */
import { mkdirSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isNetwork } from './file-systems.ts';
import { pipeline, quote, runCommand } from './run-command.ts';

const NETWORK_LANES = 32;

/** Copies as `cp -a source destination` does. */
export function copyInParallel(source: string, destination: string): void {
  mkdirSync(destination);
  forTopEntries(source, `cp -a -t ${quote(destination)}`, lanesFor(source, destination));
  // The root's metadata comes last, once nothing more is added to it.
  runCommand('rsync', '-a', '--modify-window=-1', '--exclude=*', `${source}/`, `${destination}/`);
}

export function removeInParallel(directory: string): void {
  forTopEntries(directory, 'rm -rf', lanesFor(directory));
  runCommand('rm', '-rf', directory);
}

/** Missing files and different content, as diff reports them. */
export function differingContents(source: string, destination: string): string {
  const compare = `exec 2>&1; for name; do diff -rq --no-dereference "$name" "$0/$name"; done; true`;
  return forTopEntries(
    source,
    `sh -c ${quote(compare)} ${quote(destination)}`,
    lanesFor(source, destination),
  );
}

function lanesFor(...directories: readonly string[]): number {
  return directories.some(isNetwork) ? NETWORK_LANES : availableParallelism();
}

/** Several batches per lane, so that none is left with most of the work. */
function forTopEntries(directory: string, command: string, lanes: number): string {
  const batch = Math.min(1000, Math.max(1, Math.ceil(readdirSync(directory).length / (4 * lanes))));
  const list = `cd ${quote(directory)} && find . -mindepth 1 -maxdepth 1 -print0`;
  return runCommand(...pipeline(`${list} | xargs -0 -r -n ${batch} -P ${lanes} ${command}`));
}
