/** Applies one change, again where a passing failure allows. */
import { Interrupted } from '../../errors.ts';
import { mayHaveHoles } from '../../filesystem/data-ranges.ts';
import { readLinkTarget } from '../../filesystem/link-target.ts';
import { EEXIST, ENOTEMPTY, SystemError } from '../../filesystem/linux/system-error.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { sleep } from '../../flow/sleep.ts';
import { Difference } from '../../model/change.ts';
import { isFile, isSymlink } from '../../model/entry.ts';
import { isSplit } from '../../policy/byte-ranges.ts';
import { isTransient, waitBeforeRetryMs } from '../../policy/retry.ts';
import type { PlannedChange } from '../plan/section.ts';
import { addProblem, listDone, type ApplyingUnit } from './apply-unit.ts';
import { failingSide, pathOf, type ChangePlace } from './change-place.ts';
import { finishNamed } from './finish-named.ts';
import { linkEntry } from './link-entry.ts';
import { writeFile } from './write-file.ts';
import { writeNode } from './write-node.ts';

type Apply = (unit: ApplyingUnit, place: ChangePlace) => Promise<void>;

/** @param firstTry what is done instead at first */
export async function applyWithRetries(
  unit: ApplyingUnit,
  place: ChangePlace,
  firstTry: Apply = applyChange,
): Promise<void> {
  const { settings, setup, counters, stop } = unit.context;
  const isRemote = setup.source.isRemote || setup.destination.isRemote;
  for (let tries = 1; ; tries++) {
    try {
      await (tries === 1 ? firstTry : applyChange)(unit, place);
      return;
    } catch (error) {
      if (error instanceof Interrupted) return;
      const mayRetry = error instanceof SystemError && isTransient(error.code, isRemote);
      if (!mayRetry || tries > settings.retries || stop.isRaised) {
        addChangeProblem(unit, place, error);
        return;
      }
      counters.add('retries', 1);
      await sleep(waitBeforeRetryMs(tries, Math.random()));
    }
  }
}

async function applyChange(unit: ApplyingUnit, place: ChangePlace): Promise<void> {
  const { change } = place;
  const { counters } = unit.context;
  const isNew = (change.differences & (Difference.missing | Difference.kind)) !== 0;
  if (change.action === 'link') {
    if (!(await linkEntry(unit, place))) return;
    counters.add('entriesLinked', 1);
  } else if (change.action === 'adjust') {
    await finishNamed(unit, place, change.name);
    counters.add('entriesAdjusted', 1);
  } else if (isFile(change.source)) {
    if (isForAllWorkers(unit, place)) {
      unit.largeFiles?.push({
        directoryPath: place.destination.path,
        isDirectoryNew: place.isDirectoryNew,
        change,
      });
      return;
    }
    if (!(await writeFile(unit, place))) return;
    counters.add('filesTransferred', 1);
  } else {
    await writeNode(unit, place);
    counters.add(isNew ? 'entriesCreated' : 'entriesAdjusted', 1);
  }
  await listChange(unit, place);
}

/** What has been overwritten in place is cut off at a hole where none can be punched: in order only. */
function isForAllWorkers({ context, largeFiles }: ApplyingUnit, { change }: ChangePlace): boolean {
  if (largeFiles === undefined || !isSplit(change.source.sizeBytes)) return false;
  return !(context.settings.inPlace && mayHaveHoles(change.source));
}

export async function listChange(unit: ApplyingUnit, place: ChangePlace): Promise<void> {
  if (!unit.context.settings.listChanges) return;
  const { change, source } = place;
  const linkedTo = await linkedName(source, change);
  listDone(unit, { path: pathOf(place), ...(linkedTo === undefined ? {} : { linkedTo }), ...change });
}

async function linkedName(source: OpenDirectory, change: PlannedChange): Promise<string | undefined> {
  if (change.action === 'link') return change.leaderPath;
  return isSymlink(change.source) ? readLinkTarget(source, change.name) : undefined;
}

/** What a plain "Directory not empty" does not say. */
const DIRECTORY_IN_THE_WAY = 'a directory that is not empty is in its place';

function addChangeProblem(unit: ApplyingUnit, place: ChangePlace, error: unknown): void {
  const attempt = { write: 'copy', adjust: 'set the metadata of', link: 'link', delete: 'delete' } as const;
  addProblem(unit, error, {
    side: failingSide(error, place),
    path: pathOf(place),
    attempt: attempt[place.change.action],
    ...(isDirectoryInTheWay(error) ? { reason: `${DIRECTORY_IN_THE_WAY}; ${cureFor(unit)}` } : {}),
  });
}

function cureFor({ context }: ApplyingUnit): string {
  const { settings } = context;
  const isAllowed = settings.delete || settings.force;
  return isAllowed
    ? 'what is in it is new, protected by a filter rule, or more than --max-delete allows'
    : '--delete or --force lets it be removed';
}

function isDirectoryInTheWay(error: unknown): boolean {
  return error instanceof SystemError && (error.errno === -ENOTEMPTY || error.errno === -EEXIST);
}
