/** Counts by name: those of a unit, which are a message, and those in shared memory, which show progress. */
import { apartBytes, type Cells } from './shared-cells.ts';

/** In shared memory: each isolate adds to a row of its own, whoever asks sums the rows. */
export class Counters<Name extends string> {
  readonly names: readonly Name[];
  readonly indexes: ReadonlyMap<Name, number>;
  readonly #cells: Float64Array;
  /** From one row to the next, in cells. */
  readonly #rowLength: number;
  readonly #rowStart: number;

  /** @param row the row this isolate adds to; the others are only read */
  constructor(names: readonly Name[], cells: Cells, row: number) {
    this.names = names;
    this.indexes = new Map(names.map((name, index) => [name, index]));
    this.#rowLength = rowBytes(names) / Float64Array.BYTES_PER_ELEMENT;
    this.#cells = float64s(cells);
    this.#rowStart = row * this.#rowLength;
  }

  static sizeBytes(names: readonly string[], rows: number): number {
    return rows * rowBytes(names);
  }

  /** @param index of the name */
  addAt(index: number, amount: number): void {
    const cell = this.#rowStart + index;
    this.#cells[cell] = (this.#cells[cell] as number) + amount;
  }

  totals(): Record<Name, number> {
    const sum = (column: number) => {
      let total = 0;
      for (let cell = column; cell < this.#cells.length; cell += this.#rowLength)
        total += this.#cells[cell] as number;
      return total;
    };
    return Object.fromEntries(this.names.map((name, index) => [name, sum(index)])) as Record<Name, number>;
  }
}

function rowBytes(names: readonly string[]): number {
  return apartBytes(names.length * Float64Array.BYTES_PER_ELEMENT);
}

function float64s({ buffer, byteOffset, byteLength }: Cells): Float64Array {
  return new Float64Array(buffer, byteOffset, byteLength / Float64Array.BYTES_PER_ELEMENT);
}

/** Of a unit, or the sum of all units. As they are counted, whoever watches sees them. */
export class Counts<Name extends string> {
  readonly #names: readonly Name[];
  readonly #indexes: ReadonlyMap<Name, number>;
  readonly #shown: Counters<Name>;
  readonly #numbers: Float64Array;

  /** @param shown the row of this isolate */
  constructor(shown: Counters<Name>) {
    this.#shown = shown;
    this.#names = shown.names;
    this.#indexes = shown.indexes;
    this.#numbers = new Float64Array(this.#names.length);
  }

  add(name: Name, amount: number): void {
    const index = this.#indexes.get(name) as number;
    this.#numbers[index] = (this.#numbers[index] as number) + amount;
    this.#shown.addAt(index, amount);
  }

  /** All since the last call, by the index of the name: plain data, for a message. */
  take(): Float64Array {
    const taken = this.#numbers.slice();
    this.#numbers.fill(0);
    return taken;
  }

  /** Adds what was shown already. */
  accept(numbers: Float64Array): void {
    addNumbers(this.#numbers, numbers);
  }

  totals(): Record<Name, number> {
    return Object.fromEntries(this.#names.map((name, index) => [name, this.#numbers[index]])) as Record<
      Name,
      number
    >;
  }
}

export function addNumbers(sums: Float64Array, numbers: Float64Array): void {
  for (const [index, amount] of numbers.entries()) sums[index] = (sums[index] as number) + amount;
}
