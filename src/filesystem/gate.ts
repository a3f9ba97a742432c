/** Lets in so many at a time; the others wait, first come first served. */
import { WaitingLine } from './waiting-line.ts';

/** Who enters leaves. Who has waited has entered: it takes the place of one that has left. */
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
