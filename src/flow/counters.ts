/** Counts in shared memory: each worker adds to a row of its own, the main thread sums the rows. */

export class Counters<Name extends string> {
  readonly shared: SharedArrayBuffer;
  readonly #names: readonly Name[];
  readonly #indexes: Readonly<Record<string, number>>;
  readonly #cells: Float64Array;
  readonly #rowStart: number;

  /** @param row the row this isolate adds to; the others are only read */
  constructor(names: readonly Name[], layout: { rows: number; row: number; shared?: SharedArrayBuffer }) {
    this.#names = names;
    this.#indexes = Object.fromEntries(names.map((name, index) => [name, index]));
    this.shared = layout.shared ?? new SharedArrayBuffer(names.length * layout.rows * 8);
    this.#cells = new Float64Array(this.shared);
    this.#rowStart = layout.row * names.length;
  }

  add(name: Name, amount: number): void {
    const cell = this.#rowStart + (this.#indexes[name] as number);
    this.#cells[cell] = (this.#cells[cell] as number) + amount;
  }

  totals(): Record<Name, number> {
    const width = this.#names.length;
    const sum = (column: number) => {
      let total = 0;
      for (let cell = column; cell < this.#cells.length; cell += width) total += this.#cells[cell] as number;
      return total;
    };
    return Object.fromEntries(this.#names.map((name, index) => [name, sum(index)])) as Record<Name, number>;
  }
}
