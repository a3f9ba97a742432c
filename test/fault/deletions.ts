/** Nothing is deleted in a directory of which the source's could not be listed. */
import { dirname, join } from 'node:path';
import { compareTrees, type ComparisonOptions } from '../support/oracle.ts';
import type { Faulted } from './promises.ts';

const PRESENCE_ONLY: ComparisonOptions = {
  except: ['content', 'mode', 'uid', 'gid', 'mtime', 'links', 'target', 'device'],
};

export async function wrongDeletions(ended: Faulted): Promise<string[]> {
  const { stage } = ended;
  const unlisted = unlistedDirectories(ended).filter((path) => path.startsWith(stage.source));
  if (unlisted.length === 0) return [];
  const lines = await compareTrees(stage.before, stage.destination, PRESENCE_ONLY);
  return lines
    .filter((line) => line.endsWith(': missing'))
    .map((line) => line.slice(0, line.indexOf(': ')))
    .filter((path) => unlisted.includes(dirname(join(stage.source, path))))
    .map((path) => `${path} was deleted though its directory could not be listed`);
}

/** Directories whose last listing attempt failed. */
function unlistedDirectories({ made, failed }: Faulted): string[] {
  const failures = new Set(failed.filter(({ kind }) => kind !== 'short').map(keyOf));
  const wasListed = new Map<string, boolean>();
  for (const one of made) {
    const [path] = one.targets;
    if (one.phase !== 'preparing' || path === undefined) continue;
    if (one.call === 'getdents64') wasListed.set(path, !failures.has(keyOf(one)));
    // Later, a listed directory is also opened for other purposes.
    if (one.call === 'openat2' && !wasListed.has(path)) wasListed.set(path, false);
  }
  return [...wasListed].flatMap(([path, was]) => (was ? [] : [path]));
}

function keyOf({ call, nth }: { readonly call: string; readonly nth: number }): string {
  return `${call} ${nth}`;
}
