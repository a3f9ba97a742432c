/** Measures how long nothing has moved. */
import { unwrittenKib } from '../../filesystem/proc-file.ts';
import type { RunActivity } from '../../engine/context/run-activity.ts';

export class IdleTime {
  readonly #activity: RunActivity;
  readonly #unwritten: () => number | undefined;
  #count = -1;
  #sinceMs = 0;
  /** The least unwritten data since the last other activity; undefined: not read yet. */
  #leastUnwritten: number | undefined;

  /** @param unwritten gives the amount of data that has yet to reach the disk */
  constructor(activity: RunActivity, unwritten = unwrittenKib) {
    this.#activity = activity;
    this.#unwritten = unwritten;
  }

  /** The idle time, from this look and earlier ones. */
  lookMs(): number {
    const { count } = this.#activity;
    const nowMs = performance.now();
    if (count !== this.#count) {
      this.#count = count;
      this.#sinceMs = nowMs;
      this.#leastUnwritten = undefined;
    } else if (this.#activity.isFlushing && this.#hasWritten()) this.#sinceMs = nowMs;
    return nowMs - this.#sinceMs;
  }

  /**
   * A call that flushes gigabytes reports nothing until it ends, but unwritten data shrinks. Only a new
   * minimum counts, so that a dead server ends the run even while others write.
   */
  #hasWritten(): boolean {
    const unwritten = this.#unwritten();
    if (unwritten === undefined) return false;
    const least = (this.#leastUnwritten ??= unwritten);
    if (unwritten >= least) return false;
    this.#leastUnwritten = unwritten;
    return true;
  }
}
