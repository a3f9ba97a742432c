import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planConcurrency } from '../../../src/policy/concurrency.ts';

/** A round trip that 40 pooled calls fill: the usual case; and one that 10 of them fill: slow cores. */
const [FAST, SLOW] = [25, 100];
const LATENCY_US = 1000;

describe('planConcurrency', () => {
  it.for([
    ['auto: a worker a core', 'auto', 2, 2],
    ['fewer than cores', 3, 8, 3],
    ['more than cores', 64, 8, 8],
  ] as const)('where no call takes a round trip, %s', ([, wanted, coreCount, workerCount]) => {
    const plan = planConcurrency({ wanted, coreCount, latencyUs: undefined, pooledCallUs: 0 });
    const style = { callStyle: 'blocking', laneCount: 1 };
    expect(plan).toEqual({ workerCount, firstWorkerCount: workerCount, workers: style, main: style });
  });

  it.for([
    ['auto, one core', 'auto', 1, 1, 30],
    ['auto, two cores', 'auto', 2, 2, 30],
    ['auto, many cores', 'auto', 32, 32, 2],
    ['auto, more cores than requests', 'auto', 128, 64, 1],
    ['one', 1, 8, 1, 1],
    ['as many as cores', 8, 8, 8, 1],
    ['as many as an isolate takes', 30, 1, 1, 30],
    ['one more', 31, 1, 2, 15],
  ] as const)('pooled, %s', ([, wanted, coreCount, workerCount, laneCount]) => {
    const plan = planConcurrency({ wanted, coreCount, latencyUs: LATENCY_US, pooledCallUs: FAST });
    const workers = { callStyle: 'pooled', laneCount };
    expect(plan).toMatchObject({ workerCount, firstWorkerCount: workerCount, workers });
    expect(plan.main.callStyle).toBe('pooled');
  });

  it.for([
    ['auto, one core', 'auto', 1, 10, 1],
    ['a few', 4, 1, 4, 1],
    ['one', 1, 1, 1, 1],
  ] as const)(
    'slow cores: isolates that wait, %s',
    ([, wanted, coreCount, workerCount, firstWorkerCount]) => {
      const plan = planConcurrency({ wanted, coreCount, latencyUs: LATENCY_US, pooledCallUs: SLOW });
      const workers = { callStyle: 'blocking', laneCount: 1 };
      expect(plan).toMatchObject({ workerCount, firstWorkerCount, workers });
      expect(plan.main.callStyle).toBe('pooled');
    },
  );

  it('slow cores: more than isolates should be many are pooled', () => {
    const plan = planConcurrency({ wanted: 64, coreCount: 1, latencyUs: LATENCY_US, pooledCallUs: SLOW });
    expect(plan).toMatchObject({ workerCount: 3, workers: { callStyle: 'pooled', laneCount: 21 } });
  });

  it('keeps no more in flight than wanted, and no isolate beyond what it does cheaply', () => {
    const counts = fc.integer({ min: 1, max: 2000 });
    const cores = fc.integer({ min: 1, max: 256 });
    fc.assert(
      fc.property(counts, cores, fc.integer({ min: 1, max: 500 }), (wanted, coreCount, pooledCallUs) => {
        const plan = planConcurrency({ wanted, coreCount, latencyUs: LATENCY_US, pooledCallUs });
        const { workers, workerCount, firstWorkerCount, main } = plan;
        expect(Math.max(workers.laneCount, main.laneCount)).toBeLessThanOrEqual(30);
        expect(main.laneCount).toBeLessThanOrEqual(wanted);
        expect(workerCount * workers.laneCount).toBeLessThanOrEqual(wanted);
        expect(workerCount * (workers.laneCount + 1)).toBeGreaterThan(wanted);
        expect(firstWorkerCount).toBeLessThanOrEqual(workerCount);
      }),
    );
  });
});
