/** The public API: run a sync or a verification from a program. */
export { packPaths, preflight, sync, verify, type RunContext } from './sync.ts';
export { DEFAULT_SETTINGS } from './model/default-settings.ts';
export { Difference } from './model/change.ts';
export type { Differences, ListedChange } from './model/change.ts';
export type { Check } from './model/check.ts';
export type { Limits } from './model/limits.ts';
export type { LockHolder } from './model/lock-holder.ts';
export type { Problem, ProblemClass } from './model/problem.ts';
export type { PathKeys } from './model/path-keys.ts';
export type { VerifiedEntry } from './model/verified-entry.ts';
export type { ErrorReason, IncompleteReason, Outcome, Status } from './model/outcome.ts';
export type { PhaseTime, Report } from './model/report.ts';
export type { Reporter } from './model/reporter.ts';
export type { DirectoryTime, RunStatistics, SizeClass, TimeSample } from './model/run-statistics.ts';
export type {
  DeleteLimit,
  DigestName,
  FilterRule,
  Overwrite,
  Preserve,
  Settings,
  VerifyMode,
} from './model/settings.ts';
export type { CounterName, Tally } from './model/tally.ts';
export type { Phase, Side, Task } from './model/task.ts';
export type { Verdict, VerdictClass } from './model/verdict.ts';
export { DestinationBusy, FatalError, Interrupted, LocationError, TimedOut, UsageError } from './errors.ts';
