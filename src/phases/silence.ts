/** How long nothing has moved. */
import { unwrittenKib } from '../filesystem/unwritten-data.ts';
import type { Movement } from './movement.ts';

export class Silence {
  readonly #movement: Movement;
  readonly #unwritten: () => number | undefined;
  #count = -1;
  #sinceMs = 0;
  /** The least since the last movement of another kind; undefined: not looked at. */
  #leastUnwritten: number | undefined;

  /** @param unwritten how much data has yet to reach the disk */
  constructor(movement: Movement, unwritten = unwrittenKib) {
    this.#movement = movement;
    this.#unwritten = unwritten;
  }

  /** As of this look and those before it. */
  lookMs(): number {
    const { count } = this.#movement;
    const nowMs = performance.now();
    if (count !== this.#count) {
      this.#count = count;
      this.#sinceMs = nowMs;
      this.#leastUnwritten = undefined;
    } else if (this.#movement.isFlushing && this.#hasWritten()) this.#sinceMs = nowMs;
    return nowMs - this.#sinceMs;
  }

  /**
   * One call that flushes gigabytes moves nothing until it ends, but what is unwritten gets less. Only less than ever
   * counts: a dead server ends the run though others write meanwhile.
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
