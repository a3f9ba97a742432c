/** One unit of Syncing as its functions see it. */
import { FatalError } from '../../errors.ts';
import { SystemError } from '../../filesystem/linux/system-error.ts';
import type { Change } from '../../model/change.ts';
import { displayName } from '../../model/display-name.ts';
import type { Entry } from '../../model/entry.ts';
import { itemize } from '../../policy/itemize.ts';
import { isFatal } from '../../policy/retry.ts';
import { problemFrom, type Attempt, type Findings } from '../findings.ts';
import type { LargeCopy } from './large-copy.ts';
import type { WorkerContext } from '../worker-context.ts';

export interface ApplyingUnit {
  readonly context: WorkerContext;
  readonly findings: Findings;
  /** To be copied by all workers; undefined: this one copies whatever it meets. */
  readonly largeFiles?: LargeCopy[];
}

/** One path's failure is data; that of the whole destination ends the run. @throws FatalError */
export function addProblem(
  unit: ApplyingUnit,
  error: unknown,
  at: Omit<Attempt, 'phase'> & { readonly reason?: string },
): void {
  if (error instanceof SystemError && at.side === 'destination' && isFatal(error.code)) {
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

/** Root is never denied; and only where modes are kept does the last pass set them again. */
export function mayMakeWritable({ context }: ApplyingUnit): boolean {
  return !context.setup.rights.isRoot && context.settings.preserve.mode;
}
