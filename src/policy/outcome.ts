/** Decides what a run came to, from all that it found or from the error that ended it. */
import { DestinationBusy, FatalError, Interrupted, LocationError, TimedOut, UsageError } from '../errors.ts';
import type { ErrorReason, IncompleteReason, Outcome } from '../model/outcome.ts';
import type { Report } from '../model/report.ts';
import type { VerdictClass } from '../model/verdict.ts';

/** `mismatch`: no live source explains it. */
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

/** Where several apply, the first in this order wins. */
export function outcomeOfRun(found: Found, isInterrupted: boolean): Outcome {
  if (isInterrupted) return { status: 'Interrupted' };
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
  if (error instanceof Interrupted) return { status: 'Interrupted' };
  return { status: 'Error', reason: reasonOf(error) };
}

function verdictsMeaning(meaning: string, counts: Report['verdictCounts']): number {
  const classes = Object.keys(counts) as VerdictClass[];
  return classes.reduce((sum, name) => sum + (MEANING[name] === meaning ? (counts[name] ?? 0) : 0), 0);
}

function reasonOf(error: unknown): ErrorReason {
  if (error instanceof UsageError) return 'usage';
  if (error instanceof LocationError) return 'location';
  if (error instanceof FatalError) return 'fatal';
  if (error instanceof TimedOut) return 'timed out';
  if (error instanceof DestinationBusy) return 'busy';
  return 'bug';
}
