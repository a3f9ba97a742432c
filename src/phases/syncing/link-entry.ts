/** Makes a name a hard link to another name of the destination. */
import { ENOENT, EEXIST, EMLINK, SystemError, check } from '../../filesystem/linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { Difference } from '../../model/change.ts';
import type { ProblemClass } from '../../model/problem.ts';
import { compareEntries } from '../../policy/compare.ts';
import { unkeptDifferences } from '../../policy/decide-change.ts';
import { isSameVersion } from '../../policy/same-version.ts';
import { problemOf } from '../findings.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { discard, moveIntoPlace, newTemporaryName } from './new-name.ts';
import { noteRefused } from './refused-links.ts';

/**
 * True when it is linked; false where the other name does not hold what it should, with a Problem, or may
 * not have one more.
 */
export async function linkEntry(unit: ApplyingUnit, place: ChangePlace): Promise<boolean> {
  const { leaderPath } = place.change;
  return withDirectory(unit.context.destination, parentPath(leaderPath), async (leaderDirectory) => {
    if (!(await isLeaderRight(unit, leaderDirectory, place))) {
      const problemClass = await classOfSourceNow(place);
      const side = problemClass === 'failed' ? 'destination' : 'source';
      const at = { phase: 'syncing', side, path: pathOf(place), attempt: 'link' } as const;
      unit.findings.problems.push(
        problemOf(problemClass, at, 'its other name was not copied as it was listed'),
      );
      return false;
    }
    try {
      await linkFrom(unit, leaderDirectory, place);
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await noteRefused(unit, place, leaderDirectory);
      return false;
    }
  });
}

/** rename(2) never says so of a file: from it EMLINK is a failure like any other. */
function isRefusal(error: unknown): boolean {
  return error instanceof SystemError && error.errno === -EMLINK && error.syscall === 'linkat';
}

/** A live source has its other name changed, or gone, with it. */
async function classOfSourceNow({ source, change }: ChangePlace): Promise<ProblemClass> {
  const stat = new StatBuffer();
  const result = await statName(source, change.name, stat);
  if (result === -ENOENT) return 'vanished';
  return result === 0 && isSameVersion(change.source, stat) ? 'failed' : 'changed';
}

/** A leader that could not be written still has its old content: nobody else's may be replaced by that. */
async function isLeaderRight(
  { context }: ApplyingUnit,
  leaderDirectory: OpenDirectory,
  { change }: ChangePlace,
): Promise<boolean> {
  const leader = new StatBuffer();
  const result = await statName(leaderDirectory, lastName(change.leaderPath), leader);
  if (result === -ENOENT) return false;
  check(result, 'statx', change.leaderPath);
  const differences =
    compareEntries(change.source, leader, context.rule) & ~unkeptDifferences(context.settings);
  const written = Difference.kind | Difference.size | Difference.content | Difference.mtime;
  return (differences & written) === 0;
}

async function linkFrom(
  unit: ApplyingUnit,
  leaderDirectory: OpenDirectory,
  place: ChangePlace,
): Promise<void> {
  const { change, destination } = place;
  const mayBeDirect = (change.differences & Difference.missing) !== 0;
  if (mayBeDirect && (await link(leaderDirectory, place, change.name))) return;
  const temporary = { directory: destination, name: newTemporaryName() };
  try {
    // NFS: what is reported as failed may have been done, its reply lost.
    if (!(await link(leaderDirectory, place, temporary.name))) check(-EEXIST, 'linkat', pathOf(place));
    await moveIntoPlace(temporary, { directory: destination, name: change.name });
  } finally {
    // rename(2) does nothing where both names are the same inode already: the temporary would stay.
    await discard(unit, temporary);
  }
}

/** False: something has that name. */
async function link(leaderDirectory: OpenDirectory, place: ChangePlace, name: string): Promise<boolean> {
  const { destination, change } = place;
  const leader = lastName(change.leaderPath);
  const result = await destination.linux.linkat(leaderDirectory.fd, leader, destination.fd, name, 0);
  if (result === -EEXIST) return false;
  check(result, 'linkat', pathOf(place));
  return true;
}
