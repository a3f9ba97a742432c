/** Applies one change, and retries it after a transient error. */
import { Interrupted } from '../../model/run/errors.ts';
import { mayHaveHoles } from '../../filesystem/data-ranges.ts';
import { isThere, readLinkTarget } from '../../filesystem/entry-stat.ts';
import { BackupError, MountPointError, ENOTEMPTY, SystemError, EEXIST } from '../../linux/system-error.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { isFile, isSymlink } from '../../model/entry.ts';
import type { CounterName } from '../../model/tally.ts';
import { isSplit } from '../../policy/compare/byte-ranges.ts';
import type { PlannedChange } from '../../engine/plan/section.ts';
import { openBoth, useBoth } from '../../engine/march/both-sides.ts';
import { tellsTaken, problemOfTaken } from '../../engine/march/report-problems.ts';
import { retryInDirectory } from '../../engine/march/fresh-lookup.ts';
import { addProblem, type ApplyingScope, listDone, retryApplying } from './scope/applying-scope.ts';
import { pathOf, type ChangePlace, failingSide } from './names/change-place.ts';
import { countOwner } from './metadata/finish-metadata.ts';
import { finishNamed } from './metadata/finish-named.ts';
import { linkEntry } from './link-entry.ts';
import { writeFile } from './files/write-file.ts';
import { writeNode } from './write-node.ts';

/** Gives the counter to increment; undefined: a Problem was noted, or others continue the work. */
type Apply = (scope: ApplyingScope, place: ChangePlace) => Promise<CounterName | undefined>;

/** @param firstTry replaces the first attempt */
export async function applyWithRetries(
  scope: ApplyingScope,
  place: ChangePlace,
  firstTry: Apply = applyChange,
): Promise<void> {
  const { writing } = scope.context.syncing;
  const slot = writing.begin(pathOf(place));
  try {
    const counter = await retryApplying(scope, async (attempt) =>
      attempt.tries === 1 ? firstTry(attempt, place) : applyAnew(attempt, place),
    );
    if (counter === undefined) return;
    countDone(scope, place, counter);
    await listChange(scope, place);
  } catch (error) {
    if (!(error instanceof Interrupted)) await addChangeProblem(scope, place, error);
  } finally {
    writing.end(slot);
  }
}

/** Opens the directories again: descriptors that were held open may be stale. */
async function applyAnew(scope: ApplyingScope, place: ChangePlace): Promise<CounterName | undefined> {
  const both = await openBoth(scope.context, place.destination.path, place.hidden?.path);
  const lasting = place.staging?.isOfRun === true ? place.staging : undefined;
  return useBoth(both, (source, destination) =>
    applyChange(scope, { ...place, source, destination, staging: lasting }),
  );
}

async function applyChange(scope: ApplyingScope, place: ChangePlace): Promise<CounterName | undefined> {
  const { change } = place;
  if ((change.differences & Difference.name) !== 0 && (await isTaken(scope, place))) return undefined;
  if (change.action === 'link') return (await linkEntry(scope, place)) ? 'entriesLinked' : undefined;
  if (change.action === 'adjust') {
    return (await finishNamed(scope, place, change.name)) ? 'entriesAdjusted' : undefined;
  }
  if (isFile(change.source)) {
    if (!isForAllWorkers(scope, place)) {
      return (await writeFile(scope, place)) ? 'filesTransferred' : undefined;
    }
    scope.largeFiles?.push({ directoryPath: place.destination.path, change });
    return undefined;
  }
  if (!(await writeNode(scope, place))) return undefined;
  const isNew = (change.differences & (Difference.missing | Difference.kind)) !== 0;
  return isNew ? 'entriesCreated' : 'entriesAdjusted';
}

/**
 * The name exists now but did not in the plan. It may be the entry of a name that the destination treats as
 * the same, so it is not replaced.
 */
async function isTaken({ context, findings }: ApplyingScope, place: ChangePlace): Promise<boolean> {
  if (!(await isThere(place.destination, place.change.name, new StatBuffer()))) return false;
  if (tellsTaken(context)) {
    findings.problems.push(problemOfTaken('copy', { phase: 'syncing', path: pathOf(place) }));
  }
  return true;
}

function countDone({ context }: ApplyingScope, { change }: ChangePlace, counter: CounterName): void {
  context.counters.add(counter, 1);
  if (change.action !== 'link') countOwner(context, change.source);
}

/**
 * Not if the file may have to be cut at a hole, without hole punching: such a file must be written in order.
 */
function isForAllWorkers({ context, largeFiles }: ApplyingScope, { change }: ChangePlace): boolean {
  if (largeFiles === undefined || !isSplit(change.source.sizeBytes)) return false;
  const { inPlace, sparse } = context.settings;
  return !(inPlace && (sparse || mayHaveHoles(change.source)));
}

async function listChange(scope: ApplyingScope, place: ChangePlace): Promise<void> {
  if (!scope.context.settings.listChanges) return;
  const { change, source } = place;
  const linkedTo = await linkedName(scope, source, change);
  listDone(scope, { path: pathOf(place), ...(linkedTo === undefined ? {} : { linkedTo }), ...change });
}

async function linkedName(
  { context }: ApplyingScope,
  source: OpenDirectory,
  change: PlannedChange,
): Promise<string | undefined> {
  if (change.action === 'link') return change.leaderPath;
  if (!isSymlink(change.source)) return undefined;
  return retryInDirectory(context, 'source', source, (directory) => readLinkTarget(directory, change.name));
}

/** Says more than a plain "Directory not empty". */
const DIRECTORY_IN_THE_WAY = 'a directory that is not empty is in the way';

async function addChangeProblem(scope: ApplyingScope, place: ChangePlace, error: unknown): Promise<void> {
  const attempt = {
    write: 'copy',
    adjust: 'set metadata',
    link: 'link',
    move: 'copy',
    delete: 'delete',
  } as const;
  const reason = reasonBeyond(scope, place.change, error);
  await addProblem(scope, error, {
    side: failingSide(error, place),
    path: pathOf(place),
    attempt: attempt[place.change.action],
    ...(reason === undefined ? {} : { reason }),
  });
}

/** Undefined: the error's own reason is enough. */
export function reasonBeyond(
  scope: ApplyingScope,
  { source, differences }: PlannedChange,
  error: unknown,
): string | undefined {
  if (error instanceof BackupError) return undefined;
  if (isDirectoryInTheWay(error)) return `${DIRECTORY_IN_THE_WAY}; ${cureFor(scope)}`;
  if (!(error instanceof MountPointError)) return undefined;
  const isFileOnFile = isFile(source) && (differences & Difference.kind) === 0;
  return `a mount point is in the way${isFileOnFile ? '; --inplace writes to what is mounted' : ''}`;
}

function cureFor({ context }: ApplyingScope): string {
  const { settings } = context;
  const isAllowed = settings.delete || settings.force;
  if (isAllowed && settings.backup !== undefined && settings.backup.directory === undefined) {
    return 'backups stay in their directories; use --backup-dir to keep them elsewhere';
  }
  return isAllowed
    ? 'its contents are new, protected by a filter rule, mounted there, or more than --max-delete allows'
    : 'use --delete or --force to remove it';
}

function isDirectoryInTheWay(error: unknown): boolean {
  return error instanceof SystemError && (error.errno === -ENOTEMPTY || error.errno === -EEXIST);
}
