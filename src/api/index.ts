/** The public API: run a sync or a verification from a program. */
export { follow, type RunEvent } from './follow.ts';
export {
  preflight,
  scan,
  sync,
  verify,
  why,
  type RunOptions,
  type RunResult,
  type ScanOptions,
} from './run-task.ts';
export type { Path, Rule, SyncOptions } from './sync-options.ts';
export { Difference } from '../model/change.ts';
export type { Differences, ListedChange } from '../model/change.ts';
export type { Below, Verdict, VerdictClass, VerifiedEntry } from '../model/run/verdict.ts';
export type {
  ComparedContent,
  Coverage,
  ErrorReason,
  IncompleteReason,
  MetadataName,
  Outcome,
  Scope,
  Status,
} from '../model/run/outcome.ts';
export type {
  AssumedDestination,
  Check,
  DestinationSpace,
  Example,
  Extent,
  Obstacle,
  RemarkKind,
  Remarks,
  RunEstimate,
  ScanTotals,
  SpoolRoom,
} from '../model/preflight-results.ts';
export type { CounterName, LeftAloneCause, Tally } from '../model/tally.ts';
export type { Decision, EntryFacts, Explanation, Reason, RuleReason } from '../model/run/explanation.ts';
export type { LockHolder } from '../model/run/errors.ts';
export type { Problem, ProblemClass } from '../model/run/problem.ts';
export type { GivenOption, Origin, Provenance, RootOrigin } from '../model/run/provenance.ts';
export type { Mount } from '../model/run/location.ts';
export type { PhaseTime, Report, RuleReport } from '../model/run/report.ts';
export type { Reporter } from '../model/run/reporter.ts';
export type { DirectoryTime, RunStatistics, SizeClass, TimeSample } from '../model/run/run-statistics.ts';
export type {
  DeleteLimit,
  DigestName,
  Limits,
  Overwrite,
  Preserve,
  Settings,
  VerifyMode,
} from '../model/settings.ts';
export type { PathKeys, RepairPaths } from '../model/listed-paths.ts';
export type {
  DirectoryRules,
  FilterList,
  FilterRule,
  RuleOrigin,
  RuleStyle,
  RuleTraits,
} from '../model/filter-list.ts';
export type { Phase, Side, Task } from '../model/task.ts';
export {
  DestinationBusy,
  FatalError,
  Interrupted,
  LocationError,
  StoppedAtTime,
  TimedOut,
  UsageError,
} from '../model/run/errors.ts';
