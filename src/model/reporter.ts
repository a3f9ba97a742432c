/** The face a run shows. The engine calls it and never prints; the command line implements it. */
import type { Check } from './check.ts';
import type { ListedChange } from './change.ts';
import type { Limits } from './limits.ts';
import type { LockHolder } from './lock-holder.ts';
import type { Problem } from './problem.ts';
import type { Report } from './report.ts';
import type { SplitLinks } from './split-links.ts';
import type { Tally } from './tally.ts';
import type { Phase, Task } from './task.ts';
import type { Verdict } from './verdict.ts';
import type { VerifiedEntry } from './verified-entry.ts';

export interface Reporter {
  /** Before anything is done: another run has the destination (latin1). Only with `settings.lockWaitMs`. */
  waiting(destination: string, holder: LockHolder | undefined): void;
  started(task: Task): void;
  /** What is amiss about the mounts, right after the start. */
  advised(check: Check): void;
  phaseStarted(phase: Phase): void;
  /** Called several times a second with all counts so far. */
  progressed(tally: Tally): void;
  phaseEnded(phase: Phase, elapsedMs: number): void;
  /** Only with `settings.listChanges`. In a dry run: what would be done. */
  changed(change: ListedChange): void;
  /** A device, FIFO or socket (path relative to the source, latin1) that was not to be preserved. */
  skipped(path: string): void;
  /** Each such group once a run. */
  linksSplit(split: SplitLinks): void;
  /** Those of the settings no longer hold, or others than before. */
  limitsChanged(limits: Limits): void;
  warned(message: string): void;
  problem(problem: Problem): void;
  verdict(verdict: Verdict): void;
  /**
   * Only with `settings.listVerified`: everything that was verified, in no order, at the end of Verifying. A promise
   * holds up those that follow, sooner or later, until it is settled; it does not reject.
   */
  verified(entry: VerifiedEntry): Promise<void> | undefined;
  /** The last of a run that has a report: nothing is left to tidy up. */
  finished(report: Report): void;
}
