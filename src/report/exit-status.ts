/** The only map from a run's outcome to an exit status: rsync's, if rsync has one. */
import type {
  ErrorReason,
  IncompleteReason,
  InterruptionReason,
  Outcome,
  Status,
} from '../model/run/outcome.ts';

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

const OF_INCOMPLETE: Readonly<Record<IncompleteReason, number>> = {
  failed: ExitStatus.partial,
  'delete limit': ExitStatus.deleteLimit,
  vanished: ExitStatus.vanished,
  changed: ExitStatus.sourceChanged,
};

const OF_ERROR: Readonly<Record<ErrorReason, number>> = {
  usage: ExitStatus.usage,
  location: ExitStatus.location,
  fatal: ExitStatus.fatal,
  'timed out': ExitStatus.timeout,
  busy: ExitStatus.busy,
  bug: ExitStatus.bug,
};

const OF_INTERRUPTED: Readonly<Record<InterruptionReason, number>> = {
  signal: ExitStatus.interrupted,
  'time limit': ExitStatus.timeout,
};

const OF_OTHERS: Readonly<Record<Exclude<Status, 'Incomplete' | 'Error' | 'Interrupted'>, number>> = {
  Success: ExitStatus.success,
  'Verification failure': ExitStatus.verificationFailure,
};

export function exitStatusOf(outcome: Outcome): number {
  if (outcome.status === 'Incomplete') return OF_INCOMPLETE[outcome.reason];
  if (outcome.status === 'Error') return OF_ERROR[outcome.reason];
  if (outcome.status === 'Interrupted') return OF_INTERRUPTED[outcome.reason];
  return OF_OTHERS[outcome.status];
}
