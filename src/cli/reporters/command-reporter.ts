/** What reporters of the command line implement: any part of the engine's Reporter, and the run's error. */
import type { Reporter } from '../../model/reporter.ts';

export interface CommandReporter extends Reporter {
  /** The run ended without a report. */
  failed(error: unknown): void;
  /** A signal is to end the run. */
  stopping(): void;
  /** SIGHUP: a log may have been renamed. */
  hungUp(): void;
  /** Nothing more will be told. */
  closed(): void;
}

export type PartialReporter = Partial<CommandReporter>;

/** One reporter that tells all of them, in their order. */
export function combineReporters(reporters: readonly PartialReporter[]): CommandReporter {
  return {
    waiting: (destination, holder) => reporters.forEach((each) => each.waiting?.(destination, holder)),
    started: (task) => reporters.forEach((each) => each.started?.(task)),
    advised: (check) => reporters.forEach((each) => each.advised?.(check)),
    phaseStarted: (phase) => reporters.forEach((each) => each.phaseStarted?.(phase)),
    progressed: (tally) => reporters.forEach((each) => each.progressed?.(tally)),
    phaseEnded: (phase, elapsedMs) => reporters.forEach((each) => each.phaseEnded?.(phase, elapsedMs)),
    changed: (change) => reporters.forEach((each) => each.changed?.(change)),
    skipped: (path) => reporters.forEach((each) => each.skipped?.(path)),
    linksSplit: (split) => reporters.forEach((each) => each.linksSplit?.(split)),
    limitsChanged: (limits) => reporters.forEach((each) => each.limitsChanged?.(limits)),
    warned: (message) => reporters.forEach((each) => each.warned?.(message)),
    problem: (problem) => reporters.forEach((each) => each.problem?.(problem)),
    verdict: (verdict) => reporters.forEach((each) => each.verdict?.(verdict)),
    verified: (entry) => reporters.forEach((each) => each.verified?.(entry)),
    finished: (report) => reporters.forEach((each) => each.finished?.(report)),
    failed: (error) => reporters.forEach((each) => each.failed?.(error)),
    stopping: () => reporters.forEach((each) => each.stopping?.()),
    hungUp: () => reporters.forEach((each) => each.hungUp?.()),
    closed: () => reporters.forEach((each) => each.closed?.()),
  };
}
