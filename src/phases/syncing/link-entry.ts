/** Makes a name a hard link to another name of the destination. */
import { makeLink } from '../../filesystem/destination/names.ts';
import { ENOENT, EEXIST, SystemError } from '../../linux/system-error.ts';
import { closeDirectory, openDirectory } from '../../filesystem/open-directory.ts';
import { closeRead, openForReading } from '../../filesystem/open-file.ts';
import { lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { Difference } from '../../model/change.ts';
import { isFile } from '../../model/entry.ts';
import type { ProblemClass } from '../../model/run/problem.ts';
import { compareEntries, unkeptDifferences } from '../../policy/compare/compare.ts';
import { isSameVersion } from '../../policy/compare/fingerprint.ts';
import { problemOf } from '../../engine/messages/findings.ts';
import { willTryAgain } from '../../engine/context/retrying.ts';
import { isInTaken, type ApplyingScope } from './scope/applying-scope.ts';
import { replaceName } from './names/back-up.ts';
import { pathOf, type ChangePlace } from './names/change-place.ts';
import { discard, newTemporaryName } from './names/temporaries.ts';
import { noteForRelink, refusalOf, type LinkRefusal } from './refused-links.ts';

/** True if it is linked. False: a Problem was noted, or its group gets a new decision later. */
export async function linkEntry(scope: ApplyingScope, place: ChangePlace): Promise<boolean> {
  const outcome = await linkToLeader(scope, place);
  if (outcome === 'linked') return true;
  if (outcome === 'wrong leader') await leaveLeader(scope, place);
  else await noteForRelink(scope, place, outcome);
  return false;
}

async function linkToLeader(
  scope: ApplyingScope,
  place: ChangePlace,
): Promise<'linked' | 'wrong leader' | LinkRefusal> {
  const leaderDirectory = await openLeaderDirectory(scope, place);
  if (leaderDirectory === undefined) return 'wrong leader';
  try {
    const leader = new StatBuffer();
    if (!(await isLeaderRight(scope, place, { directory: leaderDirectory, leader }))) return 'wrong leader';
    try {
      await linkFrom(scope, leaderDirectory, place);
      return 'linked';
    } catch (error) {
      const refusal = await refusalOf(scope, place, { error, leader });
      if (refusal === undefined) throw error;
      return refusal;
    }
  } finally {
    await closeDirectory(leaderDirectory);
  }
}

/**
 * Undefined: the leader could not be made, as its directory cannot be opened or is another directory. @throws
 * SystemError if it may be transient
 */
async function openLeaderDirectory(
  scope: ApplyingScope,
  { change }: ChangePlace,
): Promise<OpenDirectory | undefined> {
  const path = parentPath(change.leaderPath);
  if (isInTaken(scope, path)) return undefined;
  try {
    return await openDirectory(scope.context.destination, path);
  } catch (error) {
    if (!(error instanceof SystemError) || willTryAgain(scope.context, error, scope.tries)) throw error;
    return undefined;
  }
}

/** A leader that could not be written still has its old content: other names must not be linked to that. */
async function isLeaderRight(
  { context, tries }: ApplyingScope,
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
 * Leaves the name for another leader of its group. If the name itself cannot be read or its source has
 * changed, reports that instead: the leader may have failed for the same reason.
 */
async function leaveLeader(scope: ApplyingScope, place: ChangePlace): Promise<void> {
  const { source, change, at } = place;
  const problemClass = await classOfSourceNow(place);
  if (problemClass === 'failed' && scope.refusals.mayReplaceLeader) {
    at.side = 'source';
    if (isFile(change.source)) await closeRead(await openForReading(source, change.name));
    at.side = 'destination';
    await noteForRelink(scope, place, undefined);
    return;
  }
  const side = problemClass === 'failed' ? 'destination' : 'source';
  const attempt = { phase: 'syncing', side, path: pathOf(place), attempt: 'link' } as const;
  scope.findings.problems.push(problemOf(problemClass, attempt, 'its other name was not copied as listed'));
}

/** If the source is in use, its other name may have changed or vanished too. */
async function classOfSourceNow({ source, change }: ChangePlace): Promise<ProblemClass> {
  const stat = new StatBuffer();
  const result = await statName(source, change.name, stat);
  if (result === -ENOENT) return 'vanished';
  return result === 0 && isSameVersion(change.source, stat) ? 'failed' : 'changed';
}

async function linkFrom(
  scope: ApplyingScope,
  leaderDirectory: OpenDirectory,
  place: ChangePlace,
): Promise<void> {
  const { change, destination } = place;
  const path = pathOf(place);
  const leader = { directory: leaderDirectory, name: lastName(change.leaderPath) };
  const final = { directory: destination, name: change.name };
  const mayBeDirect = (change.differences & Difference.missing) !== 0;
  if (mayBeDirect && (await makeLink(leader, final, path))) return;
  const temporary = { directory: destination, name: newTemporaryName() };
  try {
    // NFS: a link reported as failed may have succeeded, with its reply lost.
    if (!(await makeLink(leader, temporary, path))) throw new SystemError(-EEXIST, 'linkat', path);
    await replaceName(scope, temporary, final, place.at);
  } finally {
    // rename(2) does nothing if both names already are the same inode: the temporary would stay.
    await discard(scope, temporary);
  }
}
