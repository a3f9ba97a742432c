/** The one map from how a run ended to the number it exits with: rsync's where rsync has one. */
import { DestinationBusy, FatalError, Interrupted, LocationError, TimedOut, UsageError } from '../errors.ts';
import type { Report } from '../model/report.ts';
import type { VerdictClass } from '../model/verdict.ts';

export const ExitStatus = {
  success: 0,
  usage: 1,
  location: 3,
  fatal: 11,
  interrupted: 20,
  partial: 23,
  vanished: 24,
  deleteLimit: 25,
  timeout: 30,
  verificationFailure: 40,
  sourceChanged: 41,
  bug: 70,
  busy: 75,
} as const;

/** Verdicts that no live source explains. */
const MISMATCHES: readonly VerdictClass[] = [
  'content mismatch',
  'metadata differs',
  'missing',
  'extraneous',
  'kind differs',
  'links differ',
];

/** Where several apply, the first in this order wins. */
export function exitStatusOfReport(report: Report): number {
  const { problemCounts: problems, verdictCounts: verdicts } = report;
  if (report.status === 'Interrupted') return ExitStatus.interrupted;
  if (MISMATCHES.some((verdict) => (verdicts[verdict] ?? 0) > 0)) return ExitStatus.verificationFailure;
  if (problems.failed > 0 || (verdicts['read error'] ?? 0) > 0) return ExitStatus.partial;
  if (report.deleteLimitReached) return ExitStatus.deleteLimit;
  if (problems.vanished > 0 || (verdicts['source vanished'] ?? 0) > 0) return ExitStatus.vanished;
  if (problems.changed > 0 || (verdicts['source changed'] ?? 0) > 0) return ExitStatus.sourceChanged;
  return report.status === 'Success' ? ExitStatus.success : ExitStatus.partial;
}

export function exitStatusOfError(error: unknown): number {
  if (error instanceof UsageError) return ExitStatus.usage;
  if (error instanceof LocationError) return ExitStatus.location;
  if (error instanceof FatalError) return ExitStatus.fatal;
  if (error instanceof Interrupted) return ExitStatus.interrupted;
  if (error instanceof TimedOut) return ExitStatus.timeout;
  if (error instanceof DestinationBusy) return ExitStatus.busy;
  return ExitStatus.bug;
}
