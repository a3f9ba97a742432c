/** The limits of a run: what is shared with the workers, and when a change is told. */
import { expect, test } from 'vitest';
import { Allowance } from '../../../src/flow/allowance.ts';
import { RunLimits, type SharedLimits } from '../../../src/phases/run-limits.ts';

const NONE = { bandwidthBytesPerSec: 0, operationsPerSec: 0 };

function ratesIn({ bandwidth, operations }: SharedLimits): (number | undefined)[] {
  return [bandwidth, operations].map((shared) => shared && new Allowance(shared).perSec);
}

test('a limit that is not given, and cannot come, is not there', () => {
  expect(ratesIn(new RunLimits(NONE).shared)).toEqual([undefined, undefined]);
  expect(ratesIn(new RunLimits({ ...NONE, bandwidthBytesPerSec: 9 }).shared)).toEqual([9, undefined]);
  expect(ratesIn(new RunLimits({ ...NONE, operationsPerSec: 9 }).shared)).toEqual([undefined, 9]);
  expect(new RunLimits(NONE).update()).toBeUndefined();
});

test('a change is told once, and holds for all who share the limits', () => {
  let current = NONE;
  const limits = new RunLimits(NONE, () => current);
  expect([limits.update(), ratesIn(limits.shared)]).toEqual([undefined, [0, 0]]);
  current = { bandwidthBytesPerSec: 1024, operationsPerSec: 7 };
  expect([limits.update(), ratesIn(limits.shared)]).toEqual([current, [1024, 7]]);
  current = { bandwidthBytesPerSec: 1024, operationsPerSec: 7 };
  expect(limits.update()).toBeUndefined();
  current = { ...current, operationsPerSec: 8 };
  expect([limits.update(), ratesIn(limits.shared)]).toEqual([current, [1024, 8]]);
});
