/** Lets a limited number in at once; the others wait, first come first served. */
import { DIRECTORIES_PER_PARENT } from '../model/concurrency.ts';
import { WaitingLine } from './waiting-line.ts';

/** Whoever enters must leave. After `wait` a caller has entered: it takes the place of one that left. */
export class Gate {
  #most: number;
  #count = 0;
  readonly #line = new WaitingLine<void>();

  constructor(most: number) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  limit(most: number): void {
    this.#most = most;
  }

  enter(): boolean {
    if (this.#count >= this.#most) return false;
    this.#count++;
    return true;
  }

  wait(): Promise<void> {
    return this.#line.wait();
  }

  leave(): void {
    if (!this.#line.serve()) this.#count--;
  }
}

/** Directories are made a few at a time in each parent: `DIRECTORIES_PER_PARENT` says why. */
export class ParentTurns {
  readonly #gates = new Map<string, Gate>();

  async use<T>(parentPath: string, make: () => Promise<T>): Promise<T> {
    const gate = this.#gates.get(parentPath) ?? new Gate(DIRECTORIES_PER_PARENT);
    this.#gates.set(parentPath, gate);
    if (!gate.enter()) await gate.wait();
    try {
      return await make();
    } finally {
      gate.leave();
      if (gate.isEmpty) this.#gates.delete(parentPath);
    }
  }
}
