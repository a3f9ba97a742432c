/** Applies the changes of one directory. */
import { Interrupted } from '../../errors.ts';
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { EEXIST, ENOTEMPTY, SystemError } from '../../filesystem/linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { makeWritable } from '../../filesystem/unlock-directory.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { sleep } from '../../flow/sleep.ts';
import { Difference } from '../../model/change.ts';
import { isFile, isSymlink } from '../../model/entry.ts';
import { readLinkTarget } from '../../filesystem/link-target.ts';
import type { Side } from '../../model/task.ts';
import { isTransient, waitBeforeRetryMs } from '../../policy/retry.ts';
import type { PlannedChange, Section } from '../plan/section.ts';
import { addProblem, listDone, mayMakeWritable, type ApplyingUnit } from './apply-unit.ts';
import { failingSide, pathOf, type ChangePlace } from './change-place.ts';
import { Creations } from './creations.ts';
import { finishNamed } from './finish-named.ts';
import { linkEntry } from './link-entry.ts';
import { writeFile } from './write-file.ts';
import { writeNode } from './write-node.ts';

export async function applySection(unit: ApplyingUnit, section: Section, laneCount: number): Promise<void> {
  const { context } = unit;
  const path = section.directoryPath;
  const slot = context.activity.begin(`syncing ${path === '' ? 'the root directory' : path}`);
  let side: Side = 'source';
  try {
    await withDirectory(context.source, path, async (source) => {
      side = 'destination';
      await withDirectory(context.destination, path, async (destination) => {
        const changesNames = section.changes.some(({ action }) => action !== 'adjust');
        if (changesNames && mayMakeWritable(unit)) await makeWritable(destination);
        const createdGid = await createdGidIn(unit, destination);
        await applyChanges(unit, { source, destination, createdGid, section, laneCount });
      });
    });
  } catch (error) {
    addProblem(unit, error, { side, path, attempt: 'open' });
  } finally {
    context.activity.end(slot);
  }
}

/** A set-group-id directory gives its own group to what is made in it. */
async function createdGidIn({ context }: ApplyingUnit, destination: OpenDirectory): Promise<number> {
  const { mode, gid } = await readOpenEntry(destination);
  return (mode & SET_GROUP_ID) === 0 ? context.setup.rights.gid : gid;
}

interface OpenSection {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
  readonly createdGid: number;
  readonly section: Section;
  readonly laneCount: number;
}

async function applyChanges(
  unit: ApplyingUnit,
  { source, destination, createdGid, section, laneCount }: OpenSection,
): Promise<void> {
  const { isDirectoryNew } = section;
  const creations = new Creations();
  await forEachLane(section.changes, laneCount, async (change: PlannedChange) => {
    if (unit.context.stop.isRaised) return;
    const at: ChangePlace['at'] = { side: 'destination' };
    await applyWithRetries(unit, {
      source, destination, createdGid, creations, change, isDirectoryNew, at,
    }); // prettier-ignore
  });
}

async function applyWithRetries(unit: ApplyingUnit, place: ChangePlace): Promise<void> {
  const { settings, setup, counters, stop } = unit.context;
  const isRemote = setup.source.isRemote || setup.destination.isRemote;
  for (let tries = 1; ; tries++) {
    try {
      await applyChange(unit, place);
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
    if (!(await writeFile(unit, place))) return;
    counters.add('filesTransferred', 1);
  } else {
    await writeNode(unit, place);
    counters.add(isNew ? 'entriesCreated' : 'entriesAdjusted', 1);
  }
  if (unit.context.settings.listChanges) await listChange(unit, place);
}

async function listChange(unit: ApplyingUnit, place: ChangePlace): Promise<void> {
  const { change, source } = place;
  const linkedTo = await linkedName(source, change);
  listDone(unit, { ...change, path: pathOf(place), ...(linkedTo === undefined ? {} : { linkedTo }) });
}

async function linkedName(source: OpenDirectory, change: PlannedChange): Promise<string | undefined> {
  if (change.action === 'link') return change.leaderPath;
  return isSymlink(change.source) ? readLinkTarget(source, change.name) : undefined;
}

const SET_GROUP_ID = 0o2000;

/** What a plain "Directory not empty" does not say. */
const DIRECTORY_IN_THE_WAY =
  'a directory that is not empty is in its place; --delete or --force lets it be removed';

function addChangeProblem(unit: ApplyingUnit, place: ChangePlace, error: unknown): void {
  const attempt = { write: 'copy', adjust: 'set the metadata of', link: 'link', delete: 'delete' } as const;
  addProblem(unit, error, {
    side: failingSide(error, place),
    path: pathOf(place),
    attempt: attempt[place.change.action],
    ...(isDirectoryInTheWay(error) ? { reason: DIRECTORY_IN_THE_WAY } : {}),
  });
}

function isDirectoryInTheWay(error: unknown): boolean {
  return error instanceof SystemError && (error.errno === -ENOTEMPTY || error.errno === -EEXIST);
}
