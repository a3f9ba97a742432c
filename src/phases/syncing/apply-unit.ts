/** One unit of Syncing as its functions see it. */
import { FatalError } from '../../errors.ts';
import { SystemError } from '../../filesystem/linux/system-error.ts';
import type { Change } from '../../model/change.ts';
import { displayName } from '../../model/display-name.ts';
import type { Entry } from '../../model/entry.ts';
import { itemize } from '../../policy/itemize.ts';
import { addFindings, newFindings, problemFrom, type Attempt, type Findings } from '../findings.ts';
import { retrying } from '../retrying.ts';
import { endsRun } from './spent-destination.ts';
import type { LargeCopy } from './large-copy.ts';
import type { WorkerContext } from '../worker-context.ts';

export interface ApplyingUnit {
  readonly context: WorkerContext;
  readonly findings: Findings;
  /** For what holds though the attempt fails, as that something of its own stays behind. */
  readonly lasting: Findings;
  /** To be copied by all workers; undefined: this one copies whatever it meets. */
  readonly largeFiles?: LargeCopy[] | undefined;
  readonly refusals: Refusals;
  /** Directories that the destination takes for others: nothing is done in them. */
  readonly taken: string[];
  /** Directories that were to be made and were there, as device:inode. */
  readonly foundThere: string[];
  /** The number of this attempt: what may pass fails it unless it is the last. */
  readonly tries: number;
}

/** Of names that could not be linked as planned; they are noted as `links` of the plan. */
export interface Refusals {
  names: number;
  /** The most names that an inode had that refused one; 0: none did. */
  limit: number;
  /** False: enough leaders of the group have failed. */
  readonly mayReplaceLeader: boolean;
}

export function newApplyingUnit(
  context: WorkerContext,
  largeFiles?: LargeCopy[],
  mayReplaceLeader = false,
): ApplyingUnit {
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

/** What an attempt finds, as what could not be set, holds only where the attempt has succeeded. */
export async function retryApplying<T>(
  { context, findings, lasting, largeFiles, refusals, taken, foundThere }: ApplyingUnit,
  attempt: (unit: ApplyingUnit) => Promise<T>,
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

/** One path's failure is data; that of the whole destination ends the run. @throws FatalError */
export async function addProblem(
  unit: ApplyingUnit,
  error: unknown,
  at: Omit<Attempt, 'phase'> & { readonly reason?: string },
): Promise<void> {
  if (
    error instanceof SystemError &&
    at.side === 'destination' &&
    (await endsRun(unit.context, error, at.path))
  ) {
    throw new FatalError(`cannot ${at.attempt} ${displayName(at.path)}: ${error.reason}`, error);
  }
  const { reason, ...attempt } = at;
  const problem = problemFrom(error, { phase: 'syncing', ...attempt });
  unit.findings.problems.push(reason === undefined ? problem : { ...problem, reason });
}

export function listDone(
  unit: ApplyingUnit,
  done: Pick<Change, 'action' | 'differences'> & { path: string; source: Entry; linkedTo?: string },
): void {
  const { settings } = unit.context;
  if (!settings.listChanges) return;
  unit.findings.listed.push({
    itemized: itemize(done.action, done.source, done.differences, settings.preserve),
    path: done.path,
    sizeBytes: done.source.sizeBytes,
    ...(done.linkedTo === undefined ? {} : { linkedTo: done.linkedTo }),
  });
}

/** Whether the destination takes that directory, or one above, for another. */
export function isInTaken({ taken }: ApplyingUnit, path: string): boolean {
  return taken.some((each) => path === each || path.startsWith(`${each}/`));
}

/** Root is never denied; and only where modes are kept does the last pass set them again. */
export function mayMakeWritable({ context }: ApplyingUnit): boolean {
  return !context.setup.rights.isRoot && context.settings.preserve.mode;
}
