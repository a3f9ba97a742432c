/** The arithmetic of a rate, with a clock of the test's own: what passes when, to the microsecond. */
import { describe, expect, test } from 'vitest';
import { Allowance } from '../../../src/flow/allowance.ts';

const START_US = 1_700_000_000_000_000;
const SEC_US = 1_000_000;

function allowanceOf(perSec: number): Allowance {
  const allowance = new Allowance();
  allowance.setRate(perSec, START_US);
  return allowance;
}

interface Work {
  readonly count: number;
  readonly units: number;
  /** What each takes once it may pass. */
  readonly takesUs: number;
  readonly workers: number;
}

/** Lets workers pass in turn, each when it may; gives when the last has ended, in seconds. */
function simulate(perSec: number, { count, units, takesUs, workers }: Work): number {
  const main = allowanceOf(perSec);
  const each = Array.from({ length: workers }, () => ({
    allowance: new Allowance(main.shared),
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

describe('numbers', () => {
  test('go up by what was taken, whoever takes', () => {
    const one = allowanceOf(1000);
    const other = new Allowance(one.shared);
    const first = one.take(10, START_US);
    expect(other.take(20, START_US) - first).toBe(20n);
    expect(one.take(5, START_US) - first).toBe(25n);
  });

  test('may pass when the rate has reached them', () => {
    const allowance = allowanceOf(1000);
    const number = allowance.take(10, START_US);
    expect(allowance.waitUs(number, START_US)).toBe(10_000);
    expect(allowance.waitUs(number, START_US + 9999)).toBe(1);
    expect(allowance.waitUs(number, START_US + 10_000)).toBe(0);
  });

  test('the first has no time before it to draw on', () => {
    const allowance = allowanceOf(1000);
    const laterUs = START_US + 60 * SEC_US;
    expect(allowance.waitUs(allowance.take(10, laterUs), laterUs)).toBe(10_000);
  });

  test('after a pause a tenth of a second is left', () => {
    const allowance = allowanceOf(1000);
    allowance.take(10, START_US);
    const laterUs = START_US + 60 * SEC_US;
    expect(allowance.waitUs(allowance.take(100, laterUs), laterUs)).toBe(0);
    expect(allowance.waitUs(allowance.take(100, laterUs), laterUs)).toBe(100_000);
  });

  test('a clock that stands a little behind another isolate’s gives nothing away', () => {
    const allowance = allowanceOf(1000);
    expect(allowance.waitUs(allowance.take(10, START_US - 500), START_US - 500)).toBe(10_500);
  });
});

describe('a rate that changes', () => {
  test('is seen by all', () => {
    const main = allowanceOf(1000);
    const worker = new Allowance(main.shared);
    main.setRate(50, START_US);
    expect(worker.perSec).toBe(50);
  });

  test('shortens or lengthens the wait of who waits already', () => {
    const allowance = allowanceOf(1000);
    const number = allowance.take(1000, START_US);
    const halfUs = START_US + SEC_US / 2;
    allowance.setRate(100_000, halfUs);
    expect(allowance.waitUs(number, halfUs)).toBe(5000);
    allowance.setRate(10, halfUs);
    expect(allowance.waitUs(number, halfUs)).toBe(50 * SEC_US);
  });

  test('lets everyone pass where there is no limit any more, and starts anew from there', () => {
    const allowance = allowanceOf(1000);
    const number = allowance.take(1_000_000, START_US);
    allowance.setRate(0, START_US);
    expect(allowance.waitUs(number, START_US)).toBe(0);
    const laterUs = START_US + 60 * SEC_US;
    allowance.setRate(1000, laterUs);
    expect(allowance.waitUs(allowance.take(10, laterUs), laterUs)).toBe(10_000);
  });

  test('keeps no time unused from before', () => {
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
