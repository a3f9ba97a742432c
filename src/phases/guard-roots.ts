/** What must hold of the roots: looked at before the run begins, and again before what cannot be taken back. */
import { FatalError, type LostRoot } from '../errors.ts';
import { rootOf } from '../filesystem/calls-to.ts';
import { statName } from '../filesystem/entry-stat.ts';
import { StatBuffer } from '../filesystem/linux/stat-buffer.ts';
import { check, SystemError } from '../filesystem/linux/system-error.ts';
import { holdsAnything } from '../filesystem/list-directory.ts';
import { identityAt, sameIdentity } from '../filesystem/location-identity.ts';
import { withDirectory } from '../filesystem/open-directory.ts';
import { lastName, parentPath } from '../filesystem/root.ts';
import { displayName } from '../model/display-name.ts';
import type { Location } from '../model/location.ts';
import type { Settings } from '../model/settings.ts';
import { isElasticFileSystem } from '../policy/elastic-file-system.ts';
import type { FailurePlace } from '../policy/retry.ts';
import { guardMountsApart } from './guard-overlap.ts';
import { retryingRoot } from './retrying-root.ts';
import type { Run } from './run.ts';

type RootsOfRun = Pick<Run, 'source' | 'destination' | 'task'>;

/**
 * The paths still lead to the directories the run began with: a file system that was unmounted meanwhile
 * leaves an empty directory, and --delete would make the destination as empty. @throws Lost
 */
export async function guardUnchangedRoots(run: RootsOfRun, Lost: LostRoot): Promise<void> {
  const { retries } = run.task.settings;
  for (const root of [run.source, run.destination]) {
    const now = await askRoot({ root, retries, Lost }, () => identityAt(rootOf(root).linux, root.path));
    if (now.isRemoved || !sameIdentity(root, now)) {
      const what = 'is not the directory it was when the run began; was it unmounted or replaced?';
      throw lost(root, Lost, what);
    }
  }
}

/** `--require-file`, if given: only the real source holds it. @throws Lost */
export async function guardRequiredFile(
  source: Location,
  { requireFile, retries }: Settings,
  Lost: LostRoot,
): Promise<void> {
  if (requireFile === undefined) return;
  try {
    await retryingRoot(retries, placeOf(source), () => statFile(source, requireFile));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const where = `does not hold ${displayName(requireFile)} of --require-file (${error.reason})`;
    throw lost(source, Lost, `${where}; is it mounted? Make that file in the real source`, error);
  }
}

async function statFile(source: Location, path: string): Promise<void> {
  await withDirectory(rootOf(source), parentPath(path), async (directory) => {
    check(await statName(directory, lastName(path), new StatBuffer(), 'server'), 'statx', path);
  });
}

/**
 * Right before each share of deletions: they come last, hours may have passed, and the plan is only as good
 * as the source it was made from. @throws FatalError
 */
export async function guardDeletions(run: Run): Promise<void> {
  if (run.counters.totals().entriesToDelete === 0) return;
  try {
    await guardUnchangedRoots(run, FatalError);
    await guardFilledSource(run);
    guardMountsApart(run.task.settings, run, FatalError);
  } catch (error) {
    // What other workers delete at this moment ends too.
    run.stop.raise();
    throw error;
  }
}

async function guardFilledSource({ source, task }: Run): Promise<void> {
  const { settings } = task;
  const isFilled = await askRoot({ root: source, retries: settings.retries, Lost: FatalError }, () =>
    withDirectory(rootOf(source), '', (directory) => holdsAnything(directory)),
  );
  if (!isFilled) throw lost(source, FatalError, 'is empty now, and was not when the run began');
  await guardRequiredFile(source, settings, FatalError);
}

interface Question {
  readonly root: Location;
  readonly retries: number;
  readonly Lost: LostRoot;
}

async function askRoot<T>({ root, retries, Lost }: Question, ask: () => Promise<T>): Promise<T> {
  try {
    return await retryingRoot(retries, placeOf(root), ask);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw lost(root, Lost, `cannot be used any more: ${error.reason}`, error);
  }
}

function placeOf({ isRemote, mount }: Location): FailurePlace {
  return { isRemote, isEfs: isElasticFileSystem(mount) };
}

function lost({ path, side }: Location, Lost: LostRoot, what: string, cause?: SystemError): Error {
  const doing = Lost === FatalError ? 'cannot go on' : 'cannot sync';
  const detail = cause === undefined ? { path } : { path, code: cause.code, syscall: cause.syscall, cause };
  return new Lost(`${doing}: ${side} ${displayName(path)} ${what}`, detail);
}
