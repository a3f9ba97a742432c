import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LEAST_DESCRIPTORS } from '../../../src/model/concurrency.ts';
import { isCrowded, planConcurrency } from '../../../src/policy/plan-concurrency.ts';

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

  it.for([
    ['none', 0, 0, 1, 1],
    ['just enough for one worker', 26, 0, 1, 1],
    ['one too few for two workers', 41, 0, 1, 1],
    ['just enough for two workers', 42, 0, 2, 1],
    ['enough for all four', 74, 0, 4, 1],
    ['more than they need', 1000, 0, 4, 1],
    ['over NFS, just enough for one worker', 26, 1, 1, 1],
    ['over NFS, one too few for a second lane of each', 105, 1, 4, 1],
    ['over NFS, just enough for a second lane of each', 106, 1, 4, 2],
    ['over NFS, enough for five lanes of each', 202, 1, 4, 5],
    ['over NFS, one too few for all 16 lanes of each', 553, 1, 4, 15],
    ['over NFS, enough for all 16 lanes of each', 554, 1, 4, 16],
    ['over NFS, more than they need', 5000, 1, 4, 16],
  ] as const)(
    'four cores, descriptors: %s',
    ([, freeDescriptors, overlappingMounts, workerCount, laneCount]) => {
      const facts = { wanted: 'auto', coreCount: 4, overlappingMounts, freeDescriptors } as const;
      expect(planConcurrency(facts)).toEqual({ workerCount, laneCount });
    },
  );

  it('refuses fewer descriptors than one worker needs', () => {
    expect(LEAST_DESCRIPTORS).toBe(26);
  });

  it('keeps no more in flight than wanted, and no isolate above its efficient maximum', () => {
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

test.each([
  ['one directory takes all', { files: 256, directoryFiles: 3000, allFiles: 3000 }, true],
  ['it takes just over half', { files: 256, directoryFiles: 1501, allFiles: 3000 }, true],
  ['two take half each', { files: 256, directoryFiles: 1500, allFiles: 3000 }, false],
  ['a few files are new in a large one', { files: 31, directoryFiles: 100_000, allFiles: 31 }, false],
  ['enough are', { files: 32, directoryFiles: 100_000, allFiles: 32 }, true],
  ['how many there are is not known', { files: 256, directoryFiles: 0, allFiles: 256 }, false],
])('%s', (_, counts, crowded) => {
  expect(isCrowded(counts)).toBe(crowded);
});
