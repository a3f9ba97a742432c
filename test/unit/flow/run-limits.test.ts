/** The limits of a run: which are shared with the workers, and when a change is reported. */
import { expect, test } from 'vitest';
import { Allowance } from '../../../src/flow/pacer.ts';
import { shareCells } from '../../../src/flow/shared-cells.ts';
import type { Limits } from '../../../src/model/settings.ts';
import { RunLimits, type LimitCells } from '../../../src/flow/run-limits.ts';

const NONE = { bandwidthBytesPerSec: 0, operationsPerSec: 0 };

function ratesIn({ bandwidth, operations }: LimitCells): (number | undefined)[] {
  return [bandwidth, operations].map((cells) => cells && new Allowance(cells).perSec);
}

function shareLimits(limits: Limits, current?: () => Limits): { cells: LimitCells; limits: RunLimits } {
  const cells = shareCells(RunLimits.sizesBytes(limits, current !== undefined));
  return { cells, limits: new RunLimits(cells, limits, current) };
}

test('a limit that is absent and cannot change does not exist', () => {
  expect(ratesIn(shareLimits(NONE).cells)).toEqual([undefined, undefined]);
  expect(ratesIn(shareLimits({ ...NONE, bandwidthBytesPerSec: 9 }).cells)).toEqual([9, undefined]);
  expect(ratesIn(shareLimits({ ...NONE, operationsPerSec: 9 }).cells)).toEqual([undefined, 9]);
  expect(shareLimits(NONE).limits.update()).toBeUndefined();
});

test('a change is reported once, and applies to all sharers', () => {
  let current = NONE;
  const { limits, cells } = shareLimits(NONE, () => current);
  expect([limits.update(), ratesIn(cells)]).toEqual([undefined, [0, 0]]);
  current = { bandwidthBytesPerSec: 1024, operationsPerSec: 7 };
  expect([limits.update(), ratesIn(cells)]).toEqual([current, [1024, 7]]);
  current = { bandwidthBytesPerSec: 1024, operationsPerSec: 7 };
  expect(limits.update()).toBeUndefined();
  current = { ...current, operationsPerSec: 8 };
  expect([limits.update(), ratesIn(cells)]).toEqual([current, [1024, 8]]);
});
