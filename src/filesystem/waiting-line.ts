/** Who waits for something to be given back, first come first served. */

export class WaitingLine<T> {
  readonly #waiting: ((value: T) => void)[] = [];

  wait(): Promise<T> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** False: nobody waits. */
  serve(value: T): boolean {
    const next = this.#waiting.shift();
    next?.(value);
    return next !== undefined;
  }
}
