/**
 * How much is below directories that the destination does not have: each costs one listing of the source more, as
 * nothing else has Verifying go there. What is below is no difference of its own.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { childPath } from '../../filesystem/root.ts';
import { type Below, type MissingBelow, NOTHING_BELOW, sumOfBelow } from '../../model/run/verdict.ts';
import type { DirectoryTask } from '../../engine/messages/directory-task.ts';
import { readUnopenedEntry } from '../../engine/march/open-side.ts';
import type { Sides } from '../../engine/march/visitor.ts';
import { suspectMissing, suspectUnread, type VerifyingScope } from './verifying-scope.ts';

export function addBelow(all: MissingBelow, path: ByteString, below: Below): void {
  all.set(path, sumOfBelow(all.get(path) ?? NOTHING_BELOW, below));
}

export function missingTask(path: ByteString, missingFrom = path): DirectoryTask {
  return { path, sides: 'source', makesWay: false, missingFrom };
}

/** A directory that is missing, or lies below one. */
export function countMissing(scope: VerifyingScope, { path, source }: Sides, missingFrom: ByteString): void {
  if (path === missingFrom) suspectMissing(scope, path, source.entry);
  const { directories, others } = source.listing;
  countBelow(scope, missingFrom, { directories: directories.length, others: others.length, unlisted: 0 });
  for (const name of directories) scope.found(missingTask(childPath(path, name), missingFrom));
}

/** It is missing all the same, and that is told: only what is in it is not known. */
export async function countUnopened(
  scope: VerifyingScope,
  path: ByteString,
  missingFrom: ByteString,
): Promise<void> {
  countBelow(scope, missingFrom, { ...NOTHING_BELOW, unlisted: 1 });
  if (path !== missingFrom) return;
  try {
    suspectMissing(scope, path, await readUnopenedEntry(scope.context, path));
  } catch (error) {
    suspectUnread(scope, error, { path, side: 'source' });
  }
}

/** What was listed as a directory, and is none. */
export function countName(scope: VerifyingScope, missingFrom: ByteString): void {
  countBelow(scope, missingFrom, { directories: -1, others: 1, unlisted: 0 });
}

function countBelow({ missingBelow }: VerifyingScope, missingFrom: ByteString, below: Below): void {
  if (missingBelow !== undefined) addBelow(missingBelow, missingFrom, below);
}
