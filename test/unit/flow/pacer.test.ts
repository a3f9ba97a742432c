/** A rate: what passes when, to the microsecond with a clock of the test's own, and which callers wait. */
import { describe, expect, test } from 'vitest';
import { Allowance, nowUs, Pacer } from '../../../src/flow/pacer.ts';
import { shareCells, type Cells } from '../../../src/flow/shared-cells.ts';

const START_US = 1_700_000_000_000_000;
const SEC_US = 1_000_000;

function newCells(): Cells {
  return shareCells({ allowance: Allowance.sizeBytes }).allowance;
}

function allowanceOf(perSec: number, cells = newCells(), atUs = START_US): Allowance {
  const allowance = new Allowance(cells);
  allowance.setRate(perSec, atUs);
  return allowance;
}

interface Work {
  readonly count: number;
  readonly units: number;
  /** The time that a unit takes after it was let through. */
  readonly takesUs: number;
  readonly workers: number;
}

/** Simulates workers that pass when they may; returns the end of the last unit in seconds. */
function simulate(perSec: number, { count, units, takesUs, workers }: Work): number {
  const cells = newCells();
  allowanceOf(perSec, cells);
  const each = Array.from({ length: workers }, () => ({
    allowance: new Allowance(cells),
    atUs: START_US,
  }));
  for (let done = 0; done < count; done++) {
    const worker = each.reduce((first, other) => (other.atUs < first.atUs ? other : first));
    const waitUs = worker.allowance.waitUs(worker.allowance.take(units, worker.atUs), worker.atUs);
    worker.atUs += Math.max(0, waitUs) + takesUs;
  }
  return (Math.max(...each.map(({ atUs }) => atUs)) - START_US) / SEC_US;
}

describe('three seconds of work take three seconds', () => {
  test.each<[string, number, Work]>([
    ['one large file', 10_000_000, { count: 30, units: 1_000_000, takesUs: 50_000, workers: 1 }],
    ['one by four workers', 10_000_000, { count: 30, units: 1_000_000, takesUs: 90_000, workers: 4 }],
    ['many small files', 10_000_000, { count: 10_000, units: 3000, takesUs: 100, workers: 2 }],
    ['few operations', 7, { count: 21, units: 1, takesUs: 2000, workers: 2 }],
    ['many operations', 50_000, { count: 150_000, units: 1, takesUs: 10, workers: 2 }],
    ['a rate that no microsecond divides', 3_000_001, { count: 9_000, units: 1000, takesUs: 0, workers: 3 }],
  ])('%s', (_, perSec, work) => {
    const elapsedSec = simulate(perSec, work);
    expect(elapsedSec).toBeGreaterThanOrEqual((work.count * work.units) / perSec - 1e-5);
    expect(elapsedSec).toBeLessThan(3.1);
  });
});

describe('the numbers of an Allowance', () => {
  test('grow by the amount taken, by any taker', () => {
    const cells = newCells();
    const one = allowanceOf(1000, cells);
    const other = new Allowance(cells);
    const first = one.take(10, START_US);
    expect(other.take(20, START_US) - first).toBe(20n);
    expect(one.take(5, START_US) - first).toBe(25n);
  });

  test('may pass once the rate has reached them', () => {
    const allowance = allowanceOf(1000);
    const number = allowance.take(10, START_US);
    expect(allowance.waitUs(number, START_US)).toBe(10_000);
    expect(allowance.waitUs(number, START_US + 9999)).toBe(1);
    expect(allowance.waitUs(number, START_US + 10_000)).toBe(0);
  });

  test('start without unused time', () => {
    const allowance = allowanceOf(1000);
    const laterUs = START_US + 60 * SEC_US;
    expect(allowance.waitUs(allowance.take(10, laterUs), laterUs)).toBe(10_000);
  });

  test('keep a tenth of a second after a pause', () => {
    const allowance = allowanceOf(1000);
    allowance.take(10, START_US);
    const laterUs = START_US + 60 * SEC_US;
    expect(allowance.waitUs(allowance.take(100, laterUs), laterUs)).toBe(0);
    expect(allowance.waitUs(allowance.take(100, laterUs), laterUs)).toBe(100_000);
  });

  test("are safe if an isolate's clock lags a little", () => {
    const allowance = allowanceOf(1000);
    expect(allowance.waitUs(allowance.take(10, START_US - 500), START_US - 500)).toBe(10_500);
  });
});

describe('a rate that changes', () => {
  test('is seen by all', () => {
    const cells = newCells();
    const main = allowanceOf(1000, cells);
    const worker = new Allowance(cells);
    main.setRate(50, START_US);
    expect(worker.perSec).toBe(50);
  });

  test('shortens or lengthens waits in progress', () => {
    const allowance = allowanceOf(1000);
    const number = allowance.take(1000, START_US);
    const halfUs = START_US + SEC_US / 2;
    allowance.setRate(100_000, halfUs);
    expect(allowance.waitUs(number, halfUs)).toBe(5000);
    allowance.setRate(10, halfUs);
    expect(allowance.waitUs(number, halfUs)).toBe(50 * SEC_US);
  });

  test('lets everyone pass once there is no limit, and starts again from there', () => {
    const allowance = allowanceOf(1000);
    const number = allowance.take(1_000_000, START_US);
    allowance.setRate(0, START_US);
    expect(allowance.waitUs(number, START_US)).toBe(0);
    const laterUs = START_US + 60 * SEC_US;
    allowance.setRate(1000, laterUs);
    expect(allowance.waitUs(allowance.take(10, laterUs), laterUs)).toBe(10_000);
  });

  test('keeps no unused time from before', () => {
    const allowance = allowanceOf(1_000_000);
    allowance.take(1, START_US);
    const laterUs = START_US + 60 * SEC_US;
    allowance.setRate(1000, laterUs);
    expect(allowance.waitUs(allowance.take(10, laterUs), laterUs)).toBe(10_000);
  });

  test('beyond any machine does not overflow within a year', () => {
    const allowance = allowanceOf(2 ** 62);
    const laterUs = START_US + 366 * 86_400 * SEC_US;
    expect(allowance.waitUs(allowance.take(2 ** 38, laterUs), laterUs)).toBe(SEC_US);
    expect(allowance.waitUs(allowance.take(2 ** 38, laterUs), laterUs)).toBe(2 * SEC_US);
  });
});

describe('Pacer', () => {
  test('lets no one pass early', async () => {
    const beforeUs = nowUs();
    const allowance = allowanceOf(1000, newCells(), nowUs());
    await Promise.all([1, 2, 3].map(() => new Pacer(allowance, () => true).pass(10)));
    expect(nowUs() - beforeUs).toBeGreaterThanOrEqual(30_000);
  });

  test('asks whether it may keep waiting, and passes if not', async () => {
    let asked = 0;
    const pacer = new Pacer(allowanceOf(1, newCells(), nowUs()), () => ++asked < 3);
    await pacer.pass(1_000_000);
    expect(asked).toBe(3);
  });

  test('ends a long wait once the limit is raised', async () => {
    const allowance = allowanceOf(1, newCells(), nowUs());
    const passing = new Pacer(allowance, () => true).pass(1_000_000);
    allowance.setRate(1_000_000_000, nowUs());
    await passing;
  });

  test('makes the next caller wait for an amount that passed at once', () => {
    const allowance = allowanceOf(1, newCells(), nowUs());
    new Pacer(allowance, () => true).passAtOnce(7);
    const us = nowUs();
    expect(allowance.waitUs(allowance.take(1, us), us)).toBeGreaterThan(7_000_000);
  });

  test('counts nothing without a limit or an amount', async () => {
    const cells = [newCells(), newCells()] as const;
    const [unlimited, limited] = [allowanceOf(0, cells[0], nowUs()), allowanceOf(1, cells[1], nowUs())];
    await new Pacer(unlimited, () => true).pass(1000);
    new Pacer(unlimited, () => true).passAtOnce(1000);
    await new Pacer(limited, () => true).pass(0);
    for (const { buffer, byteOffset } of cells) expect(new BigInt64Array(buffer, byteOffset)[0]).toBe(0n);
  });
});
