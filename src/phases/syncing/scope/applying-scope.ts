/** What the functions that serve one unit of Syncing share. */
import type { ByteString, Shown } from '../../../model/byte-string.ts';
import { FatalError } from '../../../model/run/errors.ts';
import { SystemError } from '../../../linux/system-error.ts';
import { attemptWords } from '../../../model/run/problem.ts';
import { makeWritable } from '../../../filesystem/metadata/unlock-directory.ts';
import { childPath, type OpenDirectory } from '../../../filesystem/root.ts';
import type { Change } from '../../../model/change.ts';
import { displayName } from '../../../model/display-name.ts';
import type { Entry } from '../../../model/entry.ts';
import { listedChange } from '../../../policy/compare/listed-change.ts';
import {
  addFindings,
  type Attempt,
  type Findings,
  newFindings,
  problemFrom,
} from '../../../engine/messages/findings.ts';
import { retrying } from '../../../engine/context/retrying.ts';
import { endsRun } from './spent-destination.ts';
import type { LargeCopy } from '../../../engine/messages/copy-steps.ts';
import type { WorkerContext } from '../../../engine/context/worker-context.ts';

export interface ApplyingScope {
  readonly context: WorkerContext;
  readonly findings: Findings;
  /** Findings that remain valid if the attempt fails, such as a temporary file left behind. */
  readonly lasting: Findings;
  /** Files for all workers to copy; undefined: this worker copies every file itself. */
  readonly largeFiles?: LargeCopy[] | undefined;
  readonly refusals: Refusals;
  /** Directories whose names the destination treats as another directory's: nothing is done in them. */
  readonly taken: string[];
  /** Directories that were to be made but existed already, as device:inode. */
  readonly foundThere: string[];
  /** The number of this attempt: a transient error fails it, unless it is the last. */
  readonly tries: number;
}

/** Counts names that could not be linked as planned; they become `links` of the plan. */
export interface Refusals {
  names: number;
  /** The largest number of names that an inode had when it refused another; 0: none refused. */
  limit: number;
  /** False: enough leaders of the group have failed. */
  readonly mayReplaceLeader: boolean;
}

export function newApplyingScope(
  context: WorkerContext,
  largeFiles?: LargeCopy[],
  mayReplaceLeader = false,
): ApplyingScope {
  const findings = newFindings();
  return {
    context,
    findings,
    lasting: findings,
    largeFiles,
    refusals: { names: 0, limit: 0, mayReplaceLeader },
    taken: [],
    foundThere: [],
    tries: 1,
  };
}

/** Findings of an attempt, such as metadata that could not be set, count only if the attempt succeeds. */
export async function retryApplying<T>(
  { context, findings, lasting, largeFiles, refusals, taken, foundThere }: ApplyingScope,
  attempt: (scope: ApplyingScope) => Promise<T>,
): Promise<T> {
  return retrying(context, async (tries) => {
    const found = newFindings();
    const result = await attempt({
      context, findings: found, lasting, largeFiles, refusals, taken, foundThere, tries,
    }); // prettier-ignore
    addFindings(findings, found);
    return result;
  });
}

/** A failure of one path is data; a failure of the whole destination ends the run. @throws FatalError */
export async function addProblem(
  scope: ApplyingScope,
  error: unknown,
  at: Omit<Attempt, 'phase'> & { readonly reason?: Shown },
): Promise<void> {
  if (
    error instanceof SystemError &&
    at.side === 'destination' &&
    (await endsRun(scope.context, error, at.path))
  ) {
    const { realPath } = scope.context.setup.destination;
    const path = displayName(at.path === '' ? realPath : childPath(realPath, at.path));
    throw new FatalError(
      `cannot ${attemptWords(at.attempt)} ${path}: ${error.reason} at the destination`,
      error,
    );
  }
  const { reason, ...attempt } = at;
  const problem = problemFrom(error, { phase: 'syncing', ...attempt });
  scope.findings.problems.push(reason === undefined ? problem : { ...problem, reason });
}

export function listDone(
  scope: ApplyingScope,
  done: Pick<Change, 'action' | 'differences'> & { path: ByteString; source: Entry; linkedTo?: ByteString },
): void {
  const { settings } = scope.context;
  if (!settings.listChanges) return;
  scope.findings.listed.push(listedChange(done, settings));
}

/** Whether the destination treats that directory, or one above, as another. */
export function isInTaken({ taken }: ApplyingScope, path: ByteString): boolean {
  return taken.some((each) => path === each || path.startsWith(`${each}/`));
}

/**
 * Lets this run make and remove names in the directory. The last pass restores its permissions, or a pass at
 * an early end of the run.
 */
export async function openUp(scope: ApplyingScope, directory: OpenDirectory): Promise<void> {
  if (!mayMakeWritable(scope)) return;
  const lockedMode = await makeWritable(directory);
  if (lockedMode !== undefined) scope.lasting.unlocked.push({ path: directory.path, lockedMode });
}

/** Root is never denied, and the last pass restores modes only if modes are preserved. */
export function mayMakeWritable({ context }: ApplyingScope): boolean {
  return !context.setup.rights.isRoot && context.settings.preserve.mode;
}
