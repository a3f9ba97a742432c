/** How long nothing has moved. */
import type { Movement } from './movement.ts';

export class Silence {
  readonly #movement: Movement;
  #count = -1;
  #sinceMs = 0;

  constructor(movement: Movement) {
    this.#movement = movement;
  }

  /** As of this look and those before it. */
  lookMs(): number {
    const { count } = this.#movement;
    const nowMs = performance.now();
    if (count !== this.#count) {
      this.#count = count;
      this.#sinceMs = nowMs;
    }
    return nowMs - this.#sinceMs;
  }
}
