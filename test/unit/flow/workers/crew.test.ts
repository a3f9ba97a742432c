/** Who serves a unit: first this isolate, and workers once it has served for a while. */
import { afterEach, expect, it } from 'vitest';
import { ThreadCrew } from '../../../../src/flow/workers/crew.ts';
import { Workers } from '../../../../src/flow/workers/workers.ts';

const SCRIPT = new URL('../../../support/answering-worker.mjs', import.meta.url);

interface Unit {
  readonly action: 'echo';
  readonly value: 'short' | 'long' | 'heavy';
}

interface Result {
  readonly value: unknown;
  /** Undefined: served by this isolate. */
  readonly workerData: unknown;
}

let crew: ThreadCrew<Unit, Result>;
let underWay = 0;
let mostUnderWay = 0;
afterEach(() => crew.close());

/** Longer than the crew waits before it starts workers. */
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
  crew = new ThreadCrew<Unit, Result>({
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

it('hands waiting and later units to workers while a unit takes long', async () => {
  start();
  expect(await servers(['short', 'long', 'short', 'short'])).toEqual(['here', 'here', 'worker', 'worker']);
  expect(await servers(['short'])).toEqual(['worker']);
});

it('never serves a heavy unit here, and no unit once workers run', async () => {
  start();
  expect(await servers(['heavy'])).toEqual(['worker']);
  expect(await servers(['short'])).toEqual(['worker']);
});

it('continues after a unit that failed here', async () => {
  start();
  const failing = new ThreadCrew<Unit, Result>({
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
