/** Work on one file, one piece after another, while the run goes on. */

export class SerialWork {
  readonly #onFailure: (error: unknown) => void | Promise<void>;
  #done = Promise.resolve();

  /** @param onFailure of a piece; the next one is begun all the same */
  constructor(onFailure: (error: unknown) => void | Promise<void>) {
    this.#onFailure = onFailure;
  }

  next(piece: () => Promise<void>): void {
    this.#done = this.#done.then(piece).catch(this.#onFailure);
  }

  /** All that was asked for so far; never rejects. */
  get done(): Promise<void> {
    return this.#done;
  }
}
