/** Who serves a unit: this isolate at first, workers once it has served for long. */
import { afterEach, expect, it } from 'vitest';
import { Crew } from '../../../src/flow/crew.ts';
import { Workers } from '../../../src/flow/workers.ts';

const SCRIPT = new URL('../../support/answering-worker.mjs', import.meta.url);

interface Unit {
  readonly action: 'echo';
  readonly value: 'short' | 'long' | 'heavy';
}

interface Result {
  readonly value: unknown;
  /** Undefined: served here. */
  readonly workerData: unknown;
}

let crew: Crew<Unit, Result>;
let underWay = 0;
let mostUnderWay = 0;
afterEach(() => crew.close());

/** Longer than the crew is patient. */
const LONG_MS = 100;

async function serveHere({ value }: Unit): Promise<Result> {
  mostUnderWay = Math.max(mostUnderWay, ++underWay);
  const endMs = performance.now() + (value === 'long' ? LONG_MS : 0);
  while (performance.now() < endMs) await Promise.resolve();
  underWay--;
  return { value, workerData: undefined };
}

function start(): void {
  [underWay, mostUnderWay] = [0, 0];
  crew = new Crew<Unit, Result>({
    workerCount: 2,
    startWorkers: () => new Workers<Unit, Result>({ script: SCRIPT, count: 2, dataFor: (worker) => worker }),
    serveHere,
    mayServeHere: ({ value }) => value !== 'heavy',
  });
}

async function servers(values: readonly Unit['value'][]): Promise<unknown[]> {
  const results = await Promise.all(values.map((value) => crew.run({ action: 'echo', value })));
  return results.map(({ workerData }) => (workerData === undefined ? 'here' : 'worker'));
}

it('serves short work here, one unit at a time', async () => {
  start();
  expect(await servers(['short', 'short', 'short', 'short'])).toEqual(['here', 'here', 'here', 'here']);
  expect(mostUnderWay).toBe(1);
});

it('hands over to workers what waits while a unit takes long, and all that follows', async () => {
  start();
  expect(await servers(['short', 'long', 'short', 'short'])).toEqual(['here', 'here', 'worker', 'worker']);
  expect(await servers(['short'])).toEqual(['worker']);
});

it('never serves here what may not be, and with workers up nothing any more', async () => {
  start();
  expect(await servers(['heavy'])).toEqual(['worker']);
  expect(await servers(['short'])).toEqual(['worker']);
});

it('goes on after a unit that failed here', async () => {
  start();
  const failing = new Crew<Unit, Result>({
    workerCount: 1,
    startWorkers: () => new Workers<Unit, Result>({ script: SCRIPT, count: 1, dataFor: (worker) => worker }),
    serveHere: () => Promise.reject(new Error('broken')),
    mayServeHere: () => true,
  });
  const units = [1, 2].map(() => failing.run({ action: 'echo', value: 'short' }));
  await expect(units[0]).rejects.toThrow('broken');
  await expect(units[1]).rejects.toThrow('broken');
  await failing.close();
});
