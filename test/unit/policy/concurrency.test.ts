import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planConcurrency } from '../../../src/policy/concurrency.ts';

describe('planConcurrency', () => {
  it.for([
    ['local, auto: a worker a core', 'auto', 2, false, 2, 1],
    ['local, fewer than cores', 3, 8, false, 3, 1],
    ['local, more than cores', 64, 8, false, 8, 1],
    ['remote, auto, one core', 'auto', 1, true, 1, 30],
    ['remote, auto, two cores', 'auto', 2, true, 2, 30],
    ['remote, auto, many cores', 'auto', 32, true, 32, 2],
    ['remote, auto, more cores than requests', 'auto', 128, true, 64, 1],
    ['remote, one', 1, 8, true, 1, 1],
    ['remote, as many as cores', 8, 8, true, 8, 1],
    ['remote, as many as an isolate takes', 30, 1, true, 1, 30],
    ['remote, one more', 31, 1, true, 2, 15],
  ] as const)('%s', ([, wanted, coreCount, overlaps, workerCount, laneCount]) => {
    expect(planConcurrency({ wanted, coreCount, overlaps })).toEqual({ workerCount, laneCount });
  });

  it('keeps no more in flight than wanted, and no isolate beyond what it does cheaply', () => {
    const counts = fc.integer({ min: 1, max: 2000 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 256 }), (wanted, coreCount) => {
        const { workerCount, laneCount } = planConcurrency({ wanted, coreCount, overlaps: true });
        expect(laneCount).toBeLessThanOrEqual(30);
        expect(workerCount * laneCount).toBeLessThanOrEqual(wanted);
        expect(workerCount * (laneCount + 1)).toBeGreaterThan(wanted);
      }),
    );
  });
});
