/** What is decided about a directory itself. */
import { Difference } from '../../model/change.ts';
import type { Reason } from '../../model/run/explanation.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { mayHoldProtected } from '../../engine/march/extraneous-names.ts';
import type { DirectoryTask } from '../../engine/messages/directory-task.ts';
import { type Conclusion, deletion, failedReasons, sparedReason, unlistedReason } from './conclusion.ts';
import type { Seen } from './look.ts';

/** @param isHidden the source has it and leaves it out */
export function concludeDirectory(
  context: WorkerContext,
  seen: Seen,
  { task, isHidden }: { task: DirectoryTask; isHidden: boolean },
): Conclusion {
  const { path: at } = task;
  const failed = failedReasons(at, seen.findings.problems);
  if (task.sides === 'destination') return concludeExtraneous(context, seen, { task, isHidden, failed });
  const ofContents: Reason[] =
    seen.cause === undefined || seen.cause === 'excluded' ? [] : [{ at, why: 'option', cause: seen.cause }];
  const planned =
    at === '' && context.setup.destination.creation === 'planned'
      ? { differences: Difference.missing }
      : seen.directory;
  if (planned !== undefined) return concludePlanned(planned, at, [...ofContents, ...failed]);
  if (failed.length > 0) return { decision: 'unknown', reasons: failed };
  if (ofContents.length > 0) return { decision: 'leave out', reasons: ofContents };
  if (seen.sides === undefined) {
    return { decision: 'leave out', reasons: [sparedReason(at, context.spared)] };
  }
  return { decision: 'leave out', reasons: [unlistedReason(at, context.settings)] };
}

function concludePlanned(
  { differences, kept }: NonNullable<Seen['directory']>,
  at: string,
  others: readonly Reason[],
): Conclusion {
  if (kept !== undefined)
    return { decision: 'none', reasons: [{ at, why: 'kept metadata', of: kept }, ...others] };
  if (differences === 0)
    return { decision: 'none', reasons: [{ at, why: 'same', by: 'metadata' }, ...others] };
  const decision = (differences & Difference.missing) === 0 ? 'adjust' : 'copy';
  return { decision, reasons: [{ at, why: 'differences', differences }, ...others] };
}

function concludeExtraneous(
  context: WorkerContext,
  { findings, extraneous }: Seen,
  { task, isHidden, failed }: { task: DirectoryTask; isHidden: boolean; failed: readonly Reason[] },
): Conclusion {
  const { path: at } = task;
  if (extraneous === undefined)
    return { decision: failed.length > 0 ? 'unknown' : 'missing', reasons: failed };
  if (findings.deletions.includes(`${at}/`)) {
    const { decision, reasons } = deletion(context, { at, task, isHidden });
    const unless: Reason[] = mayHoldProtected(context) ? [{ at, why: 'may hold protected' }] : [];
    return { decision, reasons: [...reasons, ...unless] };
  }
  if (extraneous.spared.isWhole) return { decision: 'keep', reasons: [sparedReason(at, context.spared)] };
  if (extraneous.isMountPoint || extraneous.isOutside) {
    return { decision: 'keep', reasons: [{ at, why: 'mounted' }] };
  }
  if (failed.length > 0) return { decision: 'keep', reasons: failed };
  return { decision: 'keep', reasons: [{ at, why: 'holds protected' }] };
}
