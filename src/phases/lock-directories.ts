/** When a run ends early, restores the permissions of destination directories that it had made accessible. */
import type { ByteString } from '../model/byte-string.ts';
import { rootOf } from '../filesystem/root.ts';
import { isGone } from '../linux/system-error.ts';
import { withDirectory } from '../filesystem/open-directory.ts';
import { lockAgain } from '../filesystem/metadata/unlock-directory.ts';
import { selectionBy } from '../policy/filter/path-selection.ts';
import { problemFrom } from '../engine/messages/findings.ts';
import type { Run } from '../engine/context/run.ts';

/** Skips directories that the last pass has already given their own mode. */
export async function lockDirectories(run: Run): Promise<void> {
  // Deepest first: a locked directory blocks the way to those in it.
  const deepestFirst = [...run.results.unlocked].toSorted(([one], [other]) => other.length - one.length);
  for (const [path, lockedMode] of deepestFirst) await lock(run, path, lockedMode);
}

/** For the destination root, if no pass sets its metadata (`leavesRoot`). */
export async function lockRoot(run: Run): Promise<void> {
  const lockedMode = run.results.unlocked.get('');
  if (lockedMode === undefined) return;
  if (selectionBy(run.task.settings)?.leavesRoot === true) await lock(run, '', lockedMode);
}

async function lock(
  { destination, results, reporter }: Run,
  path: ByteString,
  lockedMode: number,
): Promise<void> {
  try {
    await withDirectory(rootOf(destination), path, (directory) => lockAgain(directory, lockedMode));
  } catch (error) {
    if (isGone(error)) return;
    const at = { phase: 'syncing', side: 'destination', path, attempt: 'set metadata' } as const;
    const problem = problemFrom(error, at);
    results.addProblem(problem);
    reporter.problem(problem);
  }
}
