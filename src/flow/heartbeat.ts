/** A count in shared memory that every step of every worker moves, for the watchdog to look at. */

export class Heartbeat {
  readonly shared: SharedArrayBuffer;
  readonly #cell: Int32Array;

  constructor(shared = new SharedArrayBuffer(4)) {
    this.shared = shared;
    this.#cell = new Int32Array(shared);
  }

  beat(): void {
    Atomics.add(this.#cell, 0, 1);
  }

  get count(): number {
    return Atomics.load(this.#cell, 0);
  }
}
