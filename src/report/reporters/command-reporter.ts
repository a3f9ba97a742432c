/**
 * The command line's reporters: they implement any part of the engine's Reporter, and learn of the run's
 * error.
 */
import type { Reporter } from '../../model/run/reporter.ts';

export interface CommandReporter extends Reporter {
  /** The run ended without a report. */
  failed(error: unknown): void;
  /** A signal asks the run to end. */
  stopping(): void;
  /** SIGHUP: a log may have been renamed. */
  hungUp(): void;
  /** SIGUSR1: somebody asks for the progress. */
  progressAsked(): void;
  /** The last call. Waits until everything is written. @throws Interrupted, TimedOut */
  closed(): Promise<void>;
}

export type PartialReporter = Partial<CommandReporter>;

/**
 * Calls all reporters, in order. After a failure nothing more is passed on: a run that timed out may move
 * again while its files are closed.
 */
export function combineReporters(reporters: readonly PartialReporter[]): CommandReporter {
  let hasFailed = false;
  const tell = (act: (reporter: PartialReporter) => void): void => {
    if (!hasFailed) reporters.forEach(act);
  };
  return {
    waiting: (destination, holder) => tell((each) => each.waiting?.(destination, holder)),
    started: (task, provenance) => tell((each) => each.started?.(task, provenance)),
    advised: (check) => tell((each) => each.advised?.(check)),
    phaseStarted: (phase) => tell((each) => each.phaseStarted?.(phase)),
    progressed: (tally) => tell((each) => each.progressed?.(tally)),
    waitsFor: (mountPoint) => tell((each) => each.waitsFor?.(mountPoint)),
    phaseEnded: (phase, elapsedMs) => tell((each) => each.phaseEnded?.(phase, elapsedMs)),
    changed: (change) => tell((each) => each.changed?.(change)),
    skipped: (path) => tell((each) => each.skipped?.(path)),
    linksSplit: (split) => tell((each) => each.linksSplit?.(split)),
    limitsChanged: (limits) => tell((each) => each.limitsChanged?.(limits)),
    warned: (message) => tell((each) => each.warned?.(message)),
    problem: (problem) => tell((each) => each.problem?.(problem)),
    verdict: (verdict) => tell((each) => each.verdict?.(verdict)),
    repaired: (verdict) => tell((each) => each.repaired?.(verdict)),
    verified(entry) {
      // At most one reporter makes the run wait for its file.
      let taken: Promise<void> | undefined;
      tell((each) => {
        taken = each.verified?.(entry) ?? taken;
      });
      return taken;
    },
    finished: (report) => tell((each) => each.finished?.(report)),
    failed(error) {
      tell((each) => each.failed?.(error));
      hasFailed = true;
    },
    stopping: () => tell((each) => each.stopping?.()),
    hungUp: () => tell((each) => each.hungUp?.()),
    progressAsked: () => tell((each) => each.progressAsked?.()),
    async closed() {
      const all = await Promise.allSettled(reporters.map((each) => each.closed?.()));
      for (const one of all) if (one.status === 'rejected') throw one.reason;
    },
  };
}
