/** Each test looks at one memory through several objects, as several isolates do. */
import { expect, it } from 'vitest';
import { Counters, Counts } from '../../../src/flow/counters.ts';
import { shareCells, type Cells } from '../../../src/flow/shared-cells.ts';

const NAMES = ['files', 'bytes'] as const;

function cellsFor(rows: number): Cells {
  return shareCells({ counters: Counters.sizeBytes(NAMES, rows) }).counters;
}

function add(
  counters: Counters<(typeof NAMES)[number]> | undefined,
  name: (typeof NAMES)[number],
  amount: number,
): void {
  counters?.addAt(counters.indexes.get(name) as number, amount);
}

it('adds up what every row counted, as seen from any', () => {
  const cells = cellsFor(3);
  const main = new Counters(NAMES, cells, 2);
  const workers = [0, 1].map((row) => new Counters(NAMES, cells, row));
  expect(main.totals()).toEqual({ files: 0, bytes: 0 });
  add(workers[0], 'files', 1);
  add(workers[1], 'files', 2);
  add(workers[1], 'bytes', 2 ** 40);
  add(workers[0], 'bytes', 1);
  add(main, 'bytes', 1);
  add(workers[0], 'bytes', -1);
  const totals = { files: 3, bytes: 2 ** 40 + 1 };
  for (const counters of [main, ...workers]) expect(counters.totals()).toEqual(totals);
});

it('writes each row in a place of its own, a line of the cache apart', () => {
  const cells = cellsFor(3);
  for (const row of [0, 1, 2]) add(new Counters(NAMES, cells, row), 'bytes', 1);
  const numbers = new Float64Array(cells.buffer, cells.byteOffset, cells.byteLength / 8);
  const places = [...numbers.keys()].filter((place) => numbers[place] === 1);
  expect(places).toHaveLength(3);
  const apart = places.slice(1).map((place, index) => (place - (places[index] as number)) * 8);
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(64 + NAMES.length * 8);
});

/** Rows of what progress shows: a worker's and the main isolate's. */
function twoRows(): {
  readonly worker: Counters<'files' | 'bytes'>;
  readonly main: Counters<'files' | 'bytes'>;
} {
  const { cells } = shareCells({ cells: Counters.sizeBytes(NAMES, 2) });
  return { worker: new Counters(NAMES, cells, 0), main: new Counters(NAMES, cells, 1) };
}

it('counts for its unit alone, and shows the sum of all units at once', () => {
  const { worker, main } = twoRows();
  const [one, other] = [new Counts(worker), new Counts(worker)];
  one.add('files', 1);
  other.add('bytes', 2 ** 40);
  expect(main.totals()).toEqual({ files: 1, bytes: 2 ** 40 });
  one.add('bytes', 5);
  one.add('bytes', -1);
  expect(one.totals()).toEqual({ files: 1, bytes: 4 });
  expect(other.totals()).toEqual({ files: 0, bytes: 2 ** 40 });
  expect(main.totals()).toEqual({ files: 1, bytes: 2 ** 40 + 4 });
});

it('accepts what a unit counted without showing it again', () => {
  const { worker, main } = twoRows();
  const run = new Counts(main);
  run.add('files', 1);
  for (const amount of [2, 3]) {
    const unit = new Counts(worker);
    unit.add('files', amount);
    unit.add('bytes', 10 * amount);
    run.accept(structuredClone(unit.take()));
  }
  const sum = { files: 6, bytes: 50 };
  expect(run.totals()).toEqual(sum);
  expect(main.totals()).toEqual(sum);
});

it('gives its numbers by the order of the names, and once', () => {
  const counts = new Counts(twoRows().worker);
  counts.add('bytes', 7);
  expect([...counts.take()]).toEqual([0, 7]);
  expect([...counts.take()]).toEqual([0, 0]);
});
