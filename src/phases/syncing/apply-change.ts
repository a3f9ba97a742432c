/** Applies one change, again where a passing failure allows. */
import { Interrupted } from '../../errors.ts';
import { mayHaveHoles } from '../../filesystem/data-ranges.ts';
import { readLinkTarget } from '../../filesystem/link-target.ts';
import { EEXIST, ENOTEMPTY, MountPointError, SystemError } from '../../filesystem/linux/system-error.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { isFile, isSymlink } from '../../model/entry.ts';
import type { CounterName } from '../../model/tally.ts';
import { isSplit } from '../../policy/byte-ranges.ts';
import type { PlannedChange } from '../plan/section.ts';
import { openBoth, useBoth } from '../walking/both-sides.ts';
import { problemOfTaken, tellsTaken } from '../taken-names.ts';
import { retryInDirectory } from '../walking/fresh-lookup.ts';
import { isThere } from '../walking/spellings.ts';
import { addProblem, listDone, retryApplying, type ApplyingUnit } from './apply-unit.ts';
import { failingSide, pathOf, type ChangePlace } from './change-place.ts';
import { countOwner } from './finish-metadata.ts';
import { finishNamed } from './finish-named.ts';
import { linkEntry } from './link-entry.ts';
import { writeFile } from './write-file.ts';
import { writeNode } from './write-node.ts';

/** Gives what to count; undefined: a Problem was noted, or others go on with it. */
type Apply = (unit: ApplyingUnit, place: ChangePlace) => Promise<CounterName | undefined>;

/** @param firstTry what is done instead at first */
export async function applyWithRetries(
  unit: ApplyingUnit,
  place: ChangePlace,
  firstTry: Apply = applyChange,
): Promise<void> {
  const { writing } = unit.context;
  const slot = writing.begin(pathOf(place));
  try {
    const counter = await retryApplying(unit, async (attempt) =>
      attempt.tries === 1 ? firstTry(attempt, place) : applyAnew(attempt, place),
    );
    if (counter === undefined) return;
    countDone(unit, place, counter);
    await listChange(unit, place);
  } catch (error) {
    if (!(error instanceof Interrupted)) await addChangeProblem(unit, place, error);
  } finally {
    writing.end(slot);
  }
}

/** In directories looked up anew, and nowhere else: those held open may have gone stale. */
async function applyAnew(unit: ApplyingUnit, place: ChangePlace): Promise<CounterName | undefined> {
  const both = await openBoth(unit.context, place.destination.path, place.hidden?.path);
  return useBoth(both, (source, destination) =>
    applyChange(unit, { ...place, source, destination, staging: undefined }),
  );
}

async function applyChange(unit: ApplyingUnit, place: ChangePlace): Promise<CounterName | undefined> {
  const { change } = place;
  if ((change.differences & Difference.name) !== 0 && (await isTaken(unit, place))) return undefined;
  if (change.action === 'link') return (await linkEntry(unit, place)) ? 'entriesLinked' : undefined;
  if (change.action === 'adjust') {
    return (await finishNamed(unit, place, change.name)) ? 'entriesAdjusted' : undefined;
  }
  if (isFile(change.source)) {
    if (!isForAllWorkers(unit, place)) {
      return (await writeFile(unit, place)) ? 'filesTransferred' : undefined;
    }
    unit.largeFiles?.push({ directoryPath: place.destination.path, change });
    return undefined;
  }
  if (!(await writeNode(unit, place))) return undefined;
  const isNew = (change.differences & (Difference.missing | Difference.kind)) !== 0;
  return isNew ? 'entriesCreated' : 'entriesAdjusted';
}

/** Something has a name that was not there when it was planned, and may be one with that of a twin: it is not replaced. */
async function isTaken({ context, findings }: ApplyingUnit, place: ChangePlace): Promise<boolean> {
  if (!(await isThere(place.destination, place.change.name, new StatBuffer()))) return false;
  if (tellsTaken(context)) {
    findings.problems.push(problemOfTaken('copy', { phase: 'syncing', path: pathOf(place) }));
  }
  return true;
}

function countDone({ context }: ApplyingUnit, { change }: ChangePlace, counter: CounterName): void {
  context.counters.add(counter, 1);
  if (change.action !== 'link') countOwner(context, change.source);
}

/** What has been overwritten in place is cut off at a hole where none can be punched: in order only. */
function isForAllWorkers({ context, largeFiles }: ApplyingUnit, { change }: ChangePlace): boolean {
  if (largeFiles === undefined || !isSplit(change.source.sizeBytes)) return false;
  return !(context.settings.inPlace && mayHaveHoles(change.source));
}

async function listChange(unit: ApplyingUnit, place: ChangePlace): Promise<void> {
  if (!unit.context.settings.listChanges) return;
  const { change, source } = place;
  const linkedTo = await linkedName(unit, source, change);
  listDone(unit, { path: pathOf(place), ...(linkedTo === undefined ? {} : { linkedTo }), ...change });
}

async function linkedName(
  { context }: ApplyingUnit,
  source: OpenDirectory,
  change: PlannedChange,
): Promise<string | undefined> {
  if (change.action === 'link') return change.leaderPath;
  if (!isSymlink(change.source)) return undefined;
  return retryInDirectory(context, 'source', source, (directory) => readLinkTarget(directory, change.name));
}

/** What a plain "Directory not empty" does not say. */
const DIRECTORY_IN_THE_WAY = 'a directory that is not empty is in its place';

async function addChangeProblem(unit: ApplyingUnit, place: ChangePlace, error: unknown): Promise<void> {
  const attempt = { write: 'copy', adjust: 'set the metadata of', link: 'link', delete: 'delete' } as const;
  const reason = reasonOf(unit, place.change, error);
  await addProblem(unit, error, {
    side: failingSide(error, place),
    path: pathOf(place),
    attempt: attempt[place.change.action],
    ...(reason === undefined ? {} : { reason }),
  });
}

/** Undefined: the error's own says all. */
function reasonOf(
  unit: ApplyingUnit,
  { source, differences }: PlannedChange,
  error: unknown,
): string | undefined {
  if (isDirectoryInTheWay(error)) return `${DIRECTORY_IN_THE_WAY}; ${cureFor(unit)}`;
  if (!(error instanceof MountPointError)) return undefined;
  const isFileOnFile = isFile(source) && (differences & Difference.kind) === 0;
  return `a mount point is in its place${isFileOnFile ? '; --inplace writes to what is mounted' : ''}`;
}

function cureFor({ context }: ApplyingUnit): string {
  const { settings } = context;
  const isAllowed = settings.delete || settings.force;
  return isAllowed
    ? 'what is in it is new, protected by a filter rule, mounted there, or more than --max-delete allows'
    : '--delete or --force lets it be removed';
}

function isDirectoryInTheWay(error: unknown): boolean {
  return error instanceof SystemError && (error.errno === -ENOTEMPTY || error.errno === -EEXIST);
}
