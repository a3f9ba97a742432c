/** Decides the outcome of a run from its findings, or from the error that ended it. */
import {
  DestinationBusy,
  FatalError,
  Interrupted,
  LocationError,
  StoppedAtTime,
  TimedOut,
  UsageError,
} from '../model/run/errors.ts';
import type { ErrorReason, IncompleteReason, InterruptionReason, Outcome } from '../model/run/outcome.ts';
import type { Report } from '../model/run/report.ts';
import type { VerdictClass } from '../model/run/verdict.ts';

/** `mismatch`: no change of the source explains it. */
const MEANING: Readonly<Record<VerdictClass, 'mismatch' | IncompleteReason>> = {
  'content mismatch': 'mismatch',
  'metadata differs': 'mismatch',
  missing: 'mismatch',
  extraneous: 'mismatch',
  'kind differs': 'mismatch',
  'links differ': 'mismatch',
  'name taken': 'mismatch',
  'read error': 'failed',
  'source vanished': 'vanished',
  'source changed': 'changed',
};

type Found = Pick<Report, 'tally' | 'problemCounts' | 'verdictCounts' | 'deleteLimitReached'>;

/** If several outcomes apply, the first in this order wins. */
export function outcomeOfRun(found: Found, interruption?: InterruptionReason): Outcome {
  if (interruption !== undefined) return { status: 'Interrupted', reason: interruption };
  const { problemCounts: problems, verdictCounts } = found;
  const mismatches = verdictsMeaning('mismatch', verdictCounts);
  if (mismatches > 0) return { status: 'Verification failure', paths: mismatches };
  const paths: Readonly<Record<IncompleteReason, number>> = {
    failed: problems.failed + verdictsMeaning('failed', verdictCounts),
    'delete limit': found.deleteLimitReached ? found.tally.entriesToDelete : 0,
    vanished: problems.vanished + verdictsMeaning('vanished', verdictCounts),
    changed: problems.changed + verdictsMeaning('changed', verdictCounts),
  };
  const reason = (Object.keys(paths) as IncompleteReason[]).find((each) => paths[each] > 0);
  return reason === undefined
    ? { status: 'Success' }
    : { status: 'Incomplete', reason, paths: paths[reason] };
}

export function outcomeOfError(error: unknown): Outcome {
  if (error instanceof Interrupted) return { status: 'Interrupted', reason: interruptionOf(error) };
  return { status: 'Error', reason: errorReasonOf(error) };
}

/** @param cause the error, or why the signal of a run was aborted */
export function interruptionOf(cause: unknown): InterruptionReason {
  return cause instanceof StoppedAtTime ? 'time limit' : 'signal';
}

function verdictsMeaning(meaning: string, counts: Report['verdictCounts']): number {
  const found = Object.entries(counts) as [VerdictClass, number][];
  return found.reduce((sum, [name, count]) => sum + (MEANING[name] === meaning ? count : 0), 0);
}

function errorReasonOf(error: unknown): ErrorReason {
  if (error instanceof UsageError) return 'usage';
  if (error instanceof LocationError) return 'location';
  if (error instanceof FatalError) return 'fatal';
  if (error instanceof TimedOut) return 'timed out';
  if (error instanceof DestinationBusy) return 'busy';
  return 'bug';
}
