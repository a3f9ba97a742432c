/**
 * `--delay-updates`: each file waits in its directory, complete with metadata, under a hidden name that is made from
 * its own. At the end all get their names, which the plan tells: nothing is kept in memory. What a killed run leaves
 * the next one removes like any temporary file.
 */
import { BackupError, ENOENT, isGone, SystemError } from '../../linux/system-error.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { tryRemoveName } from '../../filesystem/destination/names.ts';
import { listDirectory } from '../../filesystem/list-directory.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { childPath, rootOf, type NameIn, type OpenDirectory } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { isFile } from '../../model/entry.ts';
import { isThere } from '../../filesystem/entry-stat.ts';
import { problemOfTaken, tellsTaken } from '../../engine/march/report-problems.ts';
import { retryInDirectory, withRetriedDirectory } from '../../engine/march/fresh-lookup.ts';
import { readSection, type PlannedChange, type Section } from '../../engine/plan/section.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import type { Run } from '../../engine/context/run.ts';
import { delayedNameOf } from '../own-names.ts';
import { reasonBeyond } from './apply-change.ts';
import { addProblem, openUp, type ApplyingScope } from './scope/applying-scope.ts';
import { type BackedUp, replaceName } from './names/back-up.ts';
import { discard } from './names/temporaries.ts';

function isDelayed({ action, source }: PlannedChange): boolean {
  return action === 'write' && isFile(source);
}

/** Gives the files of one section their names. */
export async function placeDelayed(scope: ApplyingScope, section: Section): Promise<void> {
  const { directoryPath: path } = section;
  const changes = section.changes.filter(isDelayed);
  if (changes.length === 0) return;
  try {
    await withRetriedDirectory(scope.context, 'destination', path, async (directory) => {
      await openUp(scope, directory);
      for (const change of changes) {
        if (scope.context.stop.isRaised) return;
        await place(scope, directory, change);
      }
    });
  } catch (error) {
    // The directory could not be made, which was reported, and so no file is in it.
    if (!isGone(error)) await addProblem(scope, error, { side: 'destination', path, attempt: 'open' });
  }
}

async function place(scope: ApplyingScope, directory: OpenDirectory, change: PlannedChange): Promise<void> {
  const { name } = change;
  const path = childPath(directory.path, name);
  const state: BackedUp = {};
  try {
    await retryInDirectory(scope.context, 'destination', directory, async (within) => {
      const waiting = { directory: within, name: delayedNameOf(name) };
      if (await isNameTaken(within, change)) await leave(scope, waiting, path);
      else await replaceName(scope, waiting, { directory: within, name }, state);
    });
  } catch (error) {
    if (wasNotWritten(scope, error)) return;
    const reason = reasonBeyond(scope, change, error);
    const at = { side: 'destination', path, attempt: 'copy' } as const;
    await addProblem(scope, error, reason === undefined ? at : { ...at, reason });
    await discard(scope, { directory, name: delayedNameOf(name) });
  }
}

/** Its own problem was reported. Otherwise somebody else has removed it, and Verifying finds that. */
function wasNotWritten({ context }: ApplyingScope, error: unknown): boolean {
  if (error instanceof BackupError) return false;
  const isMissing = error instanceof SystemError && error.errno === -ENOENT;
  return isMissing && context.settings.verify !== 'none';
}

/** As for any file: by now another of this run may have a name that the destination treats as the same. */
async function isNameTaken(within: OpenDirectory, { name, differences }: PlannedChange): Promise<boolean> {
  return (differences & Difference.name) !== 0 && (await isThere(within, name, new StatBuffer()));
}

async function leave(scope: ApplyingScope, waiting: NameIn, path: string): Promise<void> {
  if (tellsTaken(scope.context)) {
    scope.lasting.problems.push(problemOfTaken('copy', { phase: 'syncing', path }));
  }
  await discard(scope, waiting);
}

/** After an early end: what cannot be removed now the next run removes. */
export async function discardDelayed(run: Run, plan: Plan): Promise<void> {
  for (const sections of [plan.sections, plan.linkSections]) {
    for (let index = 0; index < sections.count; index++) {
      const section = readSection(run.spools.plan.read(sections.at(index)));
      const waiting = new Set(section.changes.filter(isDelayed).map(({ name }) => delayedNameOf(name)));
      if (waiting.size > 0) await discardIn(run, section.directoryPath, waiting);
    }
  }
}

async function discardIn(run: Run, path: string, waiting: ReadonlySet<string>): Promise<void> {
  try {
    await withDirectory(rootOf(run.destination), path, async (directory) => {
      const { others } = await listDirectory(directory);
      for (const name of others) if (waiting.has(name)) await tryRemoveName({ directory, name });
    });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
