/**
 * The interface through which the engine reports. The engine never prints; the command line implements this.
 */
import type { ByteString, Shown } from '../byte-string.ts';
import type { Check } from '../preflight-results.ts';
import type { ListedChange } from '../change.ts';
import type { Limits } from '../settings.ts';
import type { LockHolder } from './errors.ts';
import type { Problem } from './problem.ts';
import type { Provenance } from './provenance.ts';
import type { Report, SplitLinks } from './report.ts';
import type { Tally } from '../tally.ts';
import type { Task, Phase } from '../task.ts';
import type { Verdict, VerifiedEntry } from './verdict.ts';

export interface Reporter {
  /** Before anything is done: another run holds the destination (latin1). Only with `settings.lockWaitMs`. */
  waiting(destination: string, holder: LockHolder | undefined): void;
  started(task: Task, provenance: Provenance): void;
  /** A warning about the mounts, right after the start. */
  advised(check: Check): void;
  phaseStarted(phase: Phase): void;
  /** Called several times a second with the current totals. */
  progressed(tally: Tally): void;
  /** Most calls of the last seconds wait for this remote mount (a mount point, latin1), or for none. */
  waitsFor(mountPoint: ByteString | undefined): void;
  phaseEnded(phase: Phase, elapsedMs: number): void;
  /** Only with `settings.listChanges`. In a dry run, a change that would be made. */
  changed(change: ListedChange): void;
  /** A device, FIFO or socket (path relative to the source, latin1) that was not to be preserved. */
  skipped(path: ByteString): void;
  /** Called once per run for each such group. */
  linksSplit(split: SplitLinks): void;
  /** The limits differ from the settings, or have changed again. */
  limitsChanged(limits: Limits): void;
  warned(message: Shown): void;
  problem(problem: Problem): void;
  verdict(verdict: Verdict): void;
  /** Only with `settings.repair`: what was different has been copied again, and is equal now. */
  repaired(verdict: Verdict): void;
  /**
   * Only with `settings.listVerified`: every verified entry, in no order, at the end of Verifying. A returned
   * promise delays later entries, sooner or later, until it settles; it never rejects.
   */
  verified(entry: VerifiedEntry): Promise<void> | undefined;
  /** The last call of a run that has a report: cleanup is complete. */
  finished(report: Report): void;
}
