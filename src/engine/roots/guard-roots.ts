/** Conditions on the roots, checked before the run begins and again before anything irreversible. */
import type { ByteString } from '../../model/byte-string.ts';
import { FatalError, LocationError, type LostRoot } from '../../model/run/errors.ts';
import { parentPath, lastName, rootOf } from '../../filesystem/root.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, SystemError } from '../../linux/system-error.ts';
import { holdsAnything } from '../../filesystem/list-directory.ts';
import { identityAt } from '../../filesystem/roots/location-identity.ts';
import { isDirectory, sameIdentity } from '../../model/entry.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { displayName } from '../../model/display-name.ts';
import type { Location } from '../../model/run/location.ts';
import type { Settings } from '../../model/settings.ts';
import { isElasticFileSystem } from '../../policy/file-systems/mount-facts.ts';
import { isTransient, type RootKind, waitBeforeRetryMs } from '../../policy/judge-failure.ts';
import { guardMountsApart } from './guard-overlap.ts';
import type { Run } from '../context/run.ts';
import { sleep } from '../../flow/sleep.ts';

type RootsOfRun = Pick<Run, 'source' | 'destination' | 'task'>;

/**
 * Checks that both paths still lead to the directories that the run began with. After an unmount the path
 * leads to an empty directory, and --delete would empty the destination. Each phase ends with this check, as
 * it may have worked in a directory that is no longer visible. @throws FatalError
 */
export async function guardUnchangedRoots(run: RootsOfRun): Promise<void> {
  const { retries } = run.task.settings;
  const Lost = FatalError;
  for (const root of [run.source, run.destination]) {
    if (root.creation === 'planned') continue; // Nothing of the destination's was looked at.
    const now = await askRoot({ root, retries, Lost }, () => identityAt(rootOf(root).linux, root.path));
    if (now.isRemoved || !sameIdentity(root, now)) {
      const what = 'is no longer the directory it was at the start; was it unmounted or replaced?';
      throw lost(root, Lost, what);
    }
  }
}

/** `--require-file`, if given: only the real source contains it. @throws Lost */
export async function guardRequiredFile(
  source: Location,
  { requireFile, retries }: Settings,
  Lost: LostRoot,
): Promise<void> {
  if (requireFile === undefined) return;
  try {
    await retryingRoot(retries, rootKindOf(source), () => statFile(source, requireFile));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const where = `does not contain ${displayName(requireFile)} (--require-file): ${error.reason}`;
    throw lost(source, Lost, `${where}; is it mounted? If it is, create that file in it`, error);
  }
}

async function statFile(source: Location, path: ByteString): Promise<StatBuffer> {
  const stat = new StatBuffer();
  await withDirectory(rootOf(source), parentPath(path), async (directory) => {
    check(await statName(directory, lastName(path), stat, 'server'), 'statx', path);
  });
  return stat;
}

/**
 * Runs right before each unit of deletions. They come last, perhaps after hours, and the plan is only as good
 * as its source. @throws FatalError
 */
export async function guardDeletions(run: Run): Promise<void> {
  const { entriesToDelete, filesToMove } = run.counters.totals();
  if (entriesToDelete + filesToMove === 0) return;
  try {
    await guardUnchangedRoots(run);
    await guardFilledSource(run);
    guardMountsApart(run.task.settings, run, FatalError);
  } catch (error) {
    // Also stops the deletions of other workers.
    run.stop.raise();
    throw error;
  }
}

async function guardFilledSource({ source, task }: Run): Promise<void> {
  const { settings } = task;
  const isFilled = await askRoot({ root: source, retries: settings.retries, Lost: FatalError }, () =>
    isFilledAt(source, settings.onlyBelow ?? ''),
  );
  if (!isFilled) throw lost(source, FatalError, 'is empty now but was not at the start');
  await guardRequiredFile(source, settings, FatalError);
}

/** What is no directory is not empty. */
async function isFilledAt(source: Location, path: ByteString): Promise<boolean> {
  if (path !== '' && !isDirectory(await statFile(source, path))) return true;
  return withDirectory(rootOf(source), path, (directory) => holdsAnything(directory));
}

interface Question {
  readonly root: Location;
  readonly retries: number;
  readonly Lost: LostRoot;
}

async function askRoot<T>({ root, retries, Lost }: Question, ask: () => Promise<T>): Promise<T> {
  try {
    return await retryingRoot(retries, rootKindOf(root), ask);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw lost(root, Lost, `can no longer be used: ${error.reason}`, error);
  }
}

function rootKindOf({ isRemote, mount }: Location): RootKind {
  return { isRemote, isEfs: isElasticFileSystem(mount) };
}

function lost({ path, side }: Location, Lost: LostRoot, what: string, cause?: SystemError): Error {
  const doing = Lost === FatalError ? 'cannot continue' : 'cannot sync';
  const detail = cause === undefined ? { path } : { path, code: cause.code, syscall: cause.syscall, cause };
  return new Lost(`${doing}: ${side} ${displayName(path)} ${what}`, detail);
}

/** Retries a call on a root while its error may be transient. @throws the error of the last attempt */
export async function retryingRoot<T>(retries: number, place: RootKind, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const code = codeOf(error);
      if (tries > retries || !isTransient(code, place)) throw error;
      await sleep(waitBeforeRetryMs(code, tries, Math.random()));
    }
  }
}

function codeOf(error: unknown): string {
  return ((error instanceof SystemError || error instanceof LocationError) && error.code) || '';
}
