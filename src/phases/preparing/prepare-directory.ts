/** One directory of the walk: opens and lists its sides, plans what differs. */
import { ENOENT, isNoDirectory, MountPointError, SystemError } from '../../filesystem/linux/system-error.ts';
import { EMPTY_LISTING } from '../../filesystem/list-directory.ts';
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { openUnlocked } from '../../filesystem/unlock-directory.ts';
import { isDirectory } from '../../model/entry.ts';
import { problemFrom } from '../findings.ts';
import {
  identify,
  isLeftOut,
  openSide,
  openWithRetries,
  readUnopenedEntry,
  type OpenSide,
} from '../walking/open-side.ts';
import { asNameIn, type DirectoryTask } from '../walking/directory-task.ts';
import { planAlone, planPair } from './plan-pair.ts';
import { planRemoval, planRemovalOfName } from './plan-removal.ts';
import type { PreparingUnit } from './unit.ts';
import type { PreparedSource, PreparedDestination } from './pair.ts';

export async function prepareDirectory(unit: PreparingUnit, task: DirectoryTask): Promise<void> {
  unit.context.counters.add('directoriesListed', 1);
  if (task.sides === 'destination') await removeSide(unit, task);
  else await compareSides(unit, task);
}

async function compareSides(unit: PreparingUnit, task: DirectoryTask): Promise<void> {
  const source = await openSource(unit, task);
  if (source === undefined) return;
  try {
    const destination = task.sides === 'both' ? await openDestination(unit, task) : undefined;
    if (destination === 'failed') return;
    try {
      const keepsExtraneous =
        task.keepsExtraneous === true ||
        source.listing.incomplete !== undefined ||
        destination?.isOutside === true;
      const pair = { path: task.path, source, destination, keepsExtraneous, rank: task.rank };
      await (task.only === undefined ? planPair(unit, pair) : planAlone(unit, pair, task.only));
    } finally {
      if (destination !== undefined) await closeDirectory(destination.directory);
    }
  } finally {
    if (source.directory !== undefined) await closeDirectory(source.directory);
  }
}

async function removeSide(unit: PreparingUnit, task: DirectoryTask): Promise<void> {
  const destination = await openDestination(unit, task);
  if (destination === undefined || destination === 'failed') return;
  try {
    planRemoval(unit, task, destination);
  } finally {
    await closeDirectory(destination.directory);
  }
}

async function openSource(unit: PreparingUnit, task: DirectoryTask): Promise<PreparedSource | undefined> {
  const { context, findings } = unit;
  try {
    const { path, only } = task;
    return await openWithRetries(context, () => openSide(context, { side: 'source', path, only }));
  } catch (error) {
    if (isLeftOut(context, error)) return undefined;
    if (isNoDirectory(error) && task.path !== '') {
      unit.found(asNameIn(task));
      return undefined;
    }
    const problem = problemFrom(error, {
      phase: 'preparing',
      side: 'source',
      path: task.path,
      attempt: 'list',
    });
    findings.problems.push(problem);
    if (problem.class === 'vanished' || error instanceof MountPointError) return undefined;
    return describeUnlisted(unit, task.path, error as SystemError);
  }
}

/** A directory that cannot be listed is made all the same, with its metadata, as rsync does. */
async function describeUnlisted(
  unit: PreparingUnit,
  path: string,
  failure: SystemError,
): Promise<PreparedSource | undefined> {
  if (path === '') return undefined;
  try {
    const entry = await readUnopenedEntry(unit.context, path);
    if (!isDirectory(entry)) return undefined;
    const listing = { ...EMPTY_LISTING, incomplete: failure };
    return { directory: undefined, entry, listing, isOutside: false };
  } catch (error) {
    const at = { phase: 'preparing', side: 'source', path, attempt: 'read the metadata of' } as const;
    const problem = problemFrom(error, at);
    // The same failure was told already.
    if (problem.code !== failure.code) unit.findings.problems.push(problem);
    return undefined;
  }
}

/** Undefined: it has gone since the directory above was listed, or is no directory. */
async function openDestination(
  unit: PreparingUnit,
  task: DirectoryTask,
): Promise<PreparedDestination | undefined | 'failed'> {
  const { context, findings } = unit;
  const { path } = task;
  const mayUnlock = context.setup.mayWrite && !context.setup.rights.isRoot && context.settings.preserve.mode;
  const { only, deviceAbove } = task;
  const isExtraneous = task.sides === 'destination';
  const place = { side: 'destination', path, only, isExtraneous, deviceAbove } as const;
  // Of any try: the mode is to be set again.
  let didUnlock = false;
  const open = async (): Promise<OpenSide> => {
    if (!mayUnlock) return openSide(context, place);
    const opened = await openUnlocked(context.destination, path);
    didUnlock ||= opened.didUnlock;
    return identify(context, place, opened.directory);
  };
  try {
    const side = await openWithRetries(context, open);
    return { didUnlock, ...side };
  } catch (error) {
    if (error instanceof SystemError && error.errno === -ENOENT) return undefined;
    if (isNoDirectory(error) && path !== '') {
      if (task.sides === 'destination') planRemovalOfName(unit, task);
      return undefined;
    }
    if (isLeftOut(context, error)) return 'failed';
    findings.problems.push(
      problemFrom(error, { phase: 'preparing', side: 'destination', path, attempt: 'list' }),
    );
    return 'failed';
  }
}
