/** Callers that wait for something to be returned, first come first served. */

export class WaitingLine<T> {
  readonly #waiting: ((value: T) => void)[] = [];

  wait(): Promise<T> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** False if nobody waits. */
  serve(value: T): boolean {
    const next = this.#waiting.shift();
    next?.(value);
    return next !== undefined;
  }
}
