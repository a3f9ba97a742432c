/** Holds the shared time line to its law; how long a wait took is not looked at. */
import { expect, test } from 'vitest';
import { Pacer } from '../../../src/flow/pacer.ts';

/** When the next unit may pass, in microseconds of the system's clock. */
function nextUs(pacer: Pacer): bigint {
  return new BigInt64Array(pacer.shared)[0] as bigint;
}

/** From there on the line moves by what passes alone, not with the clock. */
function busyUntil(pacer: Pacer, untilUs: bigint): bigint {
  new BigInt64Array(pacer.shared)[0] = untilUs;
  return untilUs;
}

function nowUs(): bigint {
  return BigInt(Date.now()) * 1000n;
}

test('each pass takes its share of the time line, whichever worker passes', async () => {
  const one = new Pacer(1_000_000);
  const other = new Pacer(1_000_000, one.shared);
  const startUs = busyUntil(one, nowUs() + 50_000n);
  await Promise.all([one.pass(1000), other.pass(2000), one.pass(3000)]);
  expect(nextUs(one) - startUs).toBe(6000n);
  expect(nextUs(other)).toBe(nextUs(one));
});

test('a share is rounded up, so that many small ones cost no less', async () => {
  const pacer = new Pacer(3_000_000);
  const startUs = busyUntil(pacer, nowUs() + 50_000n);
  await Promise.all(Array.from({ length: 30 }, () => pacer.pass(1)));
  expect(nextUs(pacer) - startUs).toBe(30n);
});

test('time that was not used is lost but for a tenth of a second', async () => {
  const pacer = new Pacer(1_000_000);
  const beforeUs = nowUs();
  await pacer.pass(1);
  expect(nextUs(pacer)).toBeGreaterThanOrEqual(beforeUs - 100_000n + 1n);
  expect(nextUs(pacer)).toBeLessThanOrEqual(nowUs() - 100_000n + 1n);
});

test('nobody passes before their share ends', async () => {
  const pacer = new Pacer(1000);
  const busyUntilUs = busyUntil(pacer, nowUs() + 20_000n);
  await pacer.pass(10);
  expect(nextUs(pacer)).toBe(busyUntilUs + 10_000n);
  // Timers and the clock count milliseconds apart: one of them may be cut off.
  expect(nowUs()).toBeGreaterThanOrEqual(busyUntilUs + 10_000n - 2000n);
});
