import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planConcurrency } from '../../../src/policy/concurrency.ts';

describe('planConcurrency', () => {
  it.for([
    ['local, auto: a worker a core', 'auto', 2, 0, 2, 1],
    ['local, fewer than cores', 3, 8, 0, 3, 1],
    ['local, more than cores', 64, 8, 0, 8, 1],
    ['one mount, auto, one core', 'auto', 1, 1, 1, 64],
    ['one mount, auto, two cores', 'auto', 2, 1, 2, 32],
    ['one mount, auto, many cores', 'auto', 32, 1, 32, 2],
    ['one mount, auto, more cores than requests', 'auto', 128, 1, 64, 1],
    ['two mounts, auto, one core', 'auto', 1, 2, 1, 64],
    ['two mounts, auto, two cores', 'auto', 2, 2, 2, 64],
    ['two mounts, auto, many cores', 'auto', 32, 2, 32, 4],
    ['remote, one', 1, 8, 2, 1, 1],
    ['remote, as many as cores', 8, 8, 1, 8, 1],
    ['remote, as many as an isolate takes', 64, 1, 1, 1, 64],
    ['remote, one more', 65, 1, 1, 2, 32],
  ] as const)('%s', ([, wanted, coreCount, overlappingMounts, workerCount, laneCount]) => {
    expect(planConcurrency({ wanted, coreCount, overlappingMounts, freeDescriptors: Infinity })).toEqual({
      workerCount,
      laneCount,
    });
  });

  it('keeps no more in flight than wanted, and no isolate beyond what it does cheaply', () => {
    const counts = fc.integer({ min: 1, max: 2000 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 256 }), (wanted, coreCount) => {
        const { workerCount, laneCount } = planConcurrency({
          wanted,
          coreCount,
          overlappingMounts: 1,
          freeDescriptors: Infinity,
        });
        expect(laneCount).toBeLessThanOrEqual(64);
        expect(workerCount * laneCount).toBeLessThanOrEqual(wanted);
        expect(workerCount * (laneCount + 1)).toBeGreaterThan(wanted);
      }),
    );
  });
});
