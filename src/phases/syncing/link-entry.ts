/** Makes a name a hard link to another name of the destination. */
import { ENOENT, EEXIST, SystemError, check } from '../../filesystem/linux/system-error.ts';
import { closeDirectory, openDirectory } from '../../filesystem/open-directory.ts';
import { closeRead, openForReading } from '../../filesystem/open-file.ts';
import { lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { Difference } from '../../model/change.ts';
import { isFile } from '../../model/entry.ts';
import type { ProblemClass } from '../../model/problem.ts';
import { compareEntries } from '../../policy/compare.ts';
import { unkeptDifferences } from '../../policy/decide-change.ts';
import { isSameVersion } from '../../policy/same-version.ts';
import { problemOf } from '../findings.ts';
import { willTryAgain } from '../retrying.ts';
import { isInTaken, type ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { discard, moveIntoPlace, newTemporaryName } from './new-name.ts';
import { noteForRelink, refusalOf, type LinkRefusal } from './refused-links.ts';

/** True when it is linked. False: what is to become of it is decided anew with others of its group, or a Problem. */
export async function linkEntry(unit: ApplyingUnit, place: ChangePlace): Promise<boolean> {
  const outcome = await linkToLeader(unit, place);
  if (outcome === 'linked') return true;
  if (outcome === 'wrong leader') await leaveLeader(unit, place);
  else await noteForRelink(unit, place, outcome);
  return false;
}

async function linkToLeader(
  unit: ApplyingUnit,
  place: ChangePlace,
): Promise<'linked' | 'wrong leader' | LinkRefusal> {
  const leaderDirectory = await openLeaderDirectory(unit, place);
  if (leaderDirectory === undefined) return 'wrong leader';
  try {
    const leader = new StatBuffer();
    if (!(await isLeaderRight(unit, place, { directory: leaderDirectory, leader }))) return 'wrong leader';
    try {
      await linkFrom(unit, leaderDirectory, place);
      return 'linked';
    } catch (error) {
      const refusal = await refusalOf(unit, place, { error, leader });
      if (refusal === undefined) throw error;
      return refusal;
    }
  } finally {
    await closeDirectory(leaderDirectory);
  }
}

/** Undefined: the leader could not be made, as its directory cannot be opened or is another one. @throws SystemError that may pass */
async function openLeaderDirectory(
  unit: ApplyingUnit,
  { change }: ChangePlace,
): Promise<OpenDirectory | undefined> {
  const path = parentPath(change.leaderPath);
  if (isInTaken(unit, path)) return undefined;
  try {
    return await openDirectory(unit.context.destination, path);
  } catch (error) {
    if (!(error instanceof SystemError) || willTryAgain(unit.context, error, unit.tries)) throw error;
    return undefined;
  }
}

/** A leader that could not be written still has its old content: nobody else's may be replaced by that. */
async function isLeaderRight(
  { context, tries }: ApplyingUnit,
  { change }: ChangePlace,
  { directory, leader }: { directory: OpenDirectory; leader: StatBuffer },
): Promise<boolean> {
  const result = await statName(directory, lastName(change.leaderPath), leader);
  if (result < 0) {
    const error = new SystemError(result, 'statx', change.leaderPath);
    if (willTryAgain(context, error, tries)) throw error;
    return false;
  }
  if (change.staleInode !== 0n && leader.inode === change.staleInode) return false;
  const differences =
    compareEntries(change.source, leader, context.rule) & ~unkeptDifferences(context.settings);
  const written = Difference.kind | Difference.size | Difference.content | Difference.mtime;
  return (differences & written) === 0;
}

/**
 * Another name of the group is to be the leader. One that cannot be read itself, or whose source has moved on, says
 * so instead: the leader may have failed for no other reason.
 */
async function leaveLeader(unit: ApplyingUnit, place: ChangePlace): Promise<void> {
  const { source, change, at } = place;
  const problemClass = await classOfSourceNow(place);
  if (problemClass === 'failed' && unit.refusals.mayReplaceLeader) {
    at.side = 'source';
    if (isFile(change.source)) await closeRead(await openForReading(source, change.name));
    at.side = 'destination';
    await noteForRelink(unit, place, undefined);
    return;
  }
  const side = problemClass === 'failed' ? 'destination' : 'source';
  const attempt = { phase: 'syncing', side, path: pathOf(place), attempt: 'link' } as const;
  unit.findings.problems.push(
    problemOf(problemClass, attempt, 'its other name was not copied as it was listed'),
  );
}

/** A live source has its other name changed, or gone, with it. */
async function classOfSourceNow({ source, change }: ChangePlace): Promise<ProblemClass> {
  const stat = new StatBuffer();
  const result = await statName(source, change.name, stat);
  if (result === -ENOENT) return 'vanished';
  return result === 0 && isSameVersion(change.source, stat) ? 'failed' : 'changed';
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
