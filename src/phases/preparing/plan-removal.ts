/**
 * An extraneous directory: everything in it that no rule protects goes, then the directory itself; never what is
 * mounted there.
 */
import { MOUNT_POINT } from '../../filesystem/mount-points.ts';
import { childPath, lastName, parentPath } from '../../filesystem/root.ts';
import { problemFrom, problemOf } from '../findings.ts';
import type { DirectoryTask } from '../walking/directory-task.ts';
import { listDeletion } from './list-change.ts';
import { identityOf, isProtected } from './plan-extraneous.ts';
import type { PreparingUnit } from './unit.ts';
import type { PreparedDestination } from './pair.ts';

export function planRemoval(
  unit: PreparingUnit,
  { path, makesWay, isReplaced = false }: DirectoryTask,
  destination: PreparedDestination,
): void {
  const { plan, counters } = unit.context;
  if (destination.isOutside) return;
  if (destination.isMountPoint) {
    reportMountPoint(unit, path, isReplaced);
    return;
  }
  const { directories, others, incomplete } = destination.listing;
  counters.add('destinationEntries', directories.length + others.length);
  if (incomplete !== undefined) {
    const at = { phase: 'preparing', side: 'destination', path, attempt: 'list' } as const;
    unit.findings.problems.push(problemFrom(incomplete, at));
    return;
  }
  const names = others.filter((name) => !isProtected(unit, childPath(path, name), false));
  const directory = identityOf(destination);
  const removal = { directoryPath: path, areTemporaries: false, directory, names, made: [] };
  if (names.length > 0) plan.removal(makesWay ? 'makeWayRemovals' : 'removals', removal);
  for (const name of names) listDeletion(unit, childPath(path, name));
  for (const name of directories) {
    const child = childPath(path, name);
    if (isProtected(unit, child, true)) continue;
    unit.found({ path: child, sides: 'destination', makesWay, deviceAbove: destination.entry.device });
  }
  const action = isReplaced ? 'giveWay' : makesWay ? 'makeWay' : 'remove';
  plan.directory({ action, path, differences: 0, entry: destination.entry });
  counters.add('entriesToDelete', names.length + (isReplaced ? 0 : 1));
  if (!isReplaced) listDeletion(unit, `${path}/`);
}

/** What was listed as an extraneous directory, and is none. */
export function planRemovalOfName(unit: PreparingUnit, { path, makesWay }: DirectoryTask): void {
  if (isProtected(unit, path, false)) return;
  const removal = {
    directoryPath: parentPath(path),
    areTemporaries: false,
    directory: undefined,
    names: [lastName(path)],
    made: [],
  };
  unit.context.plan.removal(makesWay ? 'makeWayRemovals' : 'removals', removal);
  unit.context.counters.add('entriesToDelete', 1);
  listDeletion(unit, path);
}

/** What is mounted is not the user's copy: nothing in it goes, and nobody can remove it. */
function reportMountPoint({ context, findings }: PreparingUnit, path: string, isReplaced: boolean): void {
  // Who cannot put something in its place says so.
  if (isReplaced && context.setup.mayWrite) return;
  const at = { phase: 'preparing', side: 'destination', path, attempt: 'delete the directory' } as const;
  findings.problems.push(problemOf('failed', at, MOUNT_POINT));
}
