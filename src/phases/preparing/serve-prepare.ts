/** Preparing as a visitor of the march: plans what differs in each directory. */
import type { ByteString } from '../../model/byte-string.ts';
import type { OnPart } from '../../flow/workers/unit-server.ts';
import { newFindings, problemFrom } from '../../engine/messages/findings.ts';
import type { PrepareResult } from '../../engine/messages/units.ts';
import type { LargeFile } from '../../engine/messages/large-file.ts';
import { type WalkUnit, walkUnit } from '../../engine/messages/walk.ts';
import { isFull, type WorkerContext } from '../../engine/context/worker-context.ts';
import { openUnlocked } from '../../filesystem/metadata/unlock-directory.ts';
import { EMPTY_LISTING } from '../../filesystem/list-directory.ts';
import { MountPointError, type SystemError } from '../../linux/system-error.ts';
import { isDirectory, TYPE_MASK } from '../../model/entry.ts';
import { visitDirectory, withSides } from '../../engine/march/march.ts';
import { identify, openSide, readUnopenedEntry, type DirectoryToOpen } from '../../engine/march/open-side.ts';
import { reportProblems, problemOfTaken, tellsTaken } from '../../engine/march/report-problems.ts';
import { NOTHING_SPARED } from '../../engine/march/spare.ts';
import type { SourceSide, Visitor } from '../../engine/march/visitor.ts';
import type { DirectoryTask } from '../../engine/messages/directory-task.ts';
import { timeDirectory } from '../../engine/context/statistics.ts';
import { countLeft } from './leave-alone.ts';
import { beginDirectory, endDirectory, planAlone, planSubdirectory, uncountDirectory } from './plan-names.ts';
import { planExtraneous, keepAbove, planRemoval, planRemovalOfName } from './plan-extraneous.ts';
import { prepareEntry } from './prepare-entry.ts';
import type { PreparingScope, EntryPlace, PreparedDestination } from './preparing-scope.ts';

/** @param onPart takes records of a directory that is too large for one message: memory does not hold them all */
export async function servePrepare(
  context: WorkerContext,
  unit: WalkUnit,
  onPart: OnPart<PrepareResult>,
): Promise<PrepareResult> {
  const findings = newFindings();
  const largeFiles: LargeFile[] = [];
  const handOver = () => {
    const records = context.plan.takeRecords();
    onPart({ unit: 'prepare', findings: newFindings(), leftover: [], largeFiles: [], records });
  };
  const leftover = await walkUnit(unit, {
    laneCount: context.laneCount,
    isStopped: () => context.stop.isRaised || isFull(context),
    visitorFor: (found) => prepareDirectories({ context, findings, largeFiles, found, handOver }),
  });
  return { unit: 'prepare', findings, leftover, largeFiles, records: context.plan.takeRecords() };
}

export type WalkScope = PreparingScope & Required<Pick<PreparingScope, 'handOver'>>;

function prepareDirectories(scope: WalkScope): (task: DirectoryTask) => Promise<void> {
  const visitor = preparingVisitor(scope);
  return (task) => {
    scope.context.counters.add('directoriesListed', 1);
    const at = { phase: 'preparing', path: task.path } as const;
    return timeDirectory(scope, at, () => visitDirectory(visitor, task));
  };
}

export function preparingVisitor(scope: WalkScope): Visitor<PreparedDestination, EntryPlace> {
  const { context, findings, found } = scope;
  const visitor: Visitor<PreparedDestination, EntryPlace> = {
    context,
    freshness: 'cached',
    makesNames: true,
    found,
    openDestination: (place) => openDestination(scope, place),
    ...reportProblems(findings),
    left: (cause, count) => countLeft(scope, cause, count),
    taken: (path, takenFor) => {
      if (!tellsTaken(context)) return;
      findings.problems.push(problemOfTaken('copy', { phase: 'preparing', path }, takenFor));
    },
    notVisited: () => uncountDirectory(scope),
    unopened: ({ path }, error) => describeUnopened(scope, path, error),
    begin: async (sides, spellings) => beginDirectory(scope, sides, spellings),
    name: (place, name, mayBeThere) => {
      if (isFull(context)) scope.handOver();
      return prepareEntry(scope, place, { name, mayBeThere });
    },
    directory: (place, name, there) => planSubdirectory(scope, place, { name, there }),
    extraneous: (place) => planExtraneous(scope, place),
    end: (place) => endDirectory(scope, place),
    alone: (task, name) => withSides(visitor, task, (sides) => planAlone(scope, sides, name)),
    extraneousDirectories: {
      visit: (task, destination) => planRemoval(scope, task, destination),
      name: (task) => planRemovalOfName(scope, task),
      stays: (task) => keepAbove(scope, task),
    },
  };
  return visitor;
}

/** Who is not root may have to be let in first. */
async function openDestination(
  { context, findings }: PreparingScope,
  place: DirectoryToOpen,
): Promise<PreparedDestination> {
  const { setup, settings } = context;
  const mayUnlock = setup.mayWrite && !setup.rights.isRoot && settings.preserve.mode;
  if (!mayUnlock) return { didUnlock: false, ...(await openSide(context, place)) };
  const { path } = place;
  const { directory, lockedMode } = await openUnlocked(context.destination, path);
  if (lockedMode !== undefined) findings.unlocked.push({ path, lockedMode });
  const side = await identify(context, place, directory);
  // Of an earlier try, too: the mode is to be set again.
  const locked = lockedMode ?? findings.unlocked.findLast((each) => each.path === path)?.lockedMode;
  if (locked === undefined) return { didUnlock: false, ...side };
  const entry = { ...side.entry, mode: (side.entry.mode & TYPE_MASK) | locked };
  return { didUnlock: true, ...side, entry };
}

/** A directory that cannot be opened is made all the same, with its metadata, as rsync does. */
async function describeUnopened(
  { context, findings }: PreparingScope,
  path: ByteString,
  failure: unknown,
): Promise<SourceSide | undefined> {
  const at = { phase: 'preparing', side: 'source', path } as const;
  const told = problemFrom(failure, { ...at, attempt: 'list' });
  findings.problems.push(told);
  if (path === '' || told.class === 'vanished' || failure instanceof MountPointError) return undefined;
  try {
    const entry = await readUnopenedEntry(context, path);
    if (!isDirectory(entry)) return undefined;
    const listing = { ...EMPTY_LISTING, incomplete: failure as SystemError };
    return { directory: undefined, entry, listing, isOutside: false, spared: NOTHING_SPARED };
  } catch (error) {
    const problem = problemFrom(error, { ...at, attempt: 'read metadata' });
    // The same failure was told already.
    if (problem.code !== told.code) findings.problems.push(problem);
    return undefined;
  }
}
