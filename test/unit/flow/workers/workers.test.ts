import { afterEach, describe, expect, it } from 'vitest';
import { Workers } from '../../../../src/flow/workers/workers.ts';

const SCRIPT = new URL('../../../support/answering-worker.mjs', import.meta.url);

interface Unit {
  readonly action: 'echo' | 'parts' | 'throw' | 'exit' | 'crash' | 'never';
  readonly value?: unknown;
}

interface Result {
  readonly value: unknown;
  readonly workerData: unknown;
  /** Units that this worker has received. */
  readonly waiting: number;
}

let workers: Workers<Unit, Result>;
afterEach(() => workers.close());

function start(count: number, dataFor: (worker: number) => unknown = (worker) => worker): void {
  workers = new Workers<Unit, Result>({ script: SCRIPT, count, dataFor });
}

describe('Workers', () => {
  it('answer every unit with its own result', async () => {
    start(3);
    expect(workers.count).toBe(3);
    const values = Array.from({ length: 300 }, (_, index) => index);
    const results = await Promise.all(values.map((value) => workers.run({ action: 'echo', value })));
    expect(results.map(({ value }) => value)).toEqual(values);
    expect(new Set(results.map(({ workerData }) => workerData))).toEqual(new Set([0, 1, 2]));
  });

  it('pass numbers in bulk, and undefined', async () => {
    start(1);
    const value = new Float64Array([1.5, -0, 2 ** 53]);
    expect((await workers.run({ action: 'echo', value })).value).toEqual(value);
    expect((await workers.run({ action: 'echo' })).value).toBeUndefined();
  });

  it("give what a unit answers before its end, each unit's to its own taker", async () => {
    start(2);
    const parts: unknown[][] = [[], []];
    const answered = parts.map((own, unit) =>
      workers.run({ action: 'parts', value: [unit, 'next', 'last'] }, ({ value }) => own.push(value)),
    );
    expect((await Promise.all(answered)).map(({ value }) => value)).toEqual([
      [0, 'next', 'last'],
      [1, 'next', 'last'],
    ]);
    expect(parts).toEqual([
      [0, 'next', 'last'],
      [1, 'next', 'last'],
    ]);
  });

  it('reject a unit of which a part cannot be taken, and go on', async () => {
    start(1);
    const taken: unknown[] = [];
    const failing = workers.run({ action: 'parts', value: ['one', 'two', 'three'] }, ({ value }) => {
      taken.push(value);
      if (value === 'two') throw new Error('no room for it');
    });
    await expect(failing).rejects.toThrow('no room for it');
    expect((await workers.run({ action: 'echo', value: 'on' })).value).toBe('on');
    expect(taken).toEqual(['one', 'two']);
  });

  it('give a unit to the worker with the fewest', async () => {
    start(2);
    const stuck = workers.runOn(0, { action: 'never' });
    const results = [];
    for (let i = 0; i < 3; i++) results.push(await workers.run({ action: 'echo' }));
    expect(results.map(({ workerData }) => workerData)).toEqual([1, 1, 1]);
    expect((await workers.runOn(0, { action: 'echo' })).workerData).toBe(0);
    await workers.close();
    expect(stuck).toBeInstanceOf(Promise);
  });

  it('reject with the error a unit threw, and go on', async () => {
    start(1);
    const thrown = workers.run({ action: 'throw', value: 'odd' });
    await expect(thrown).rejects.toMatchObject({ name: 'TypeError', message: 'odd' });
    const stack = expect.stringContaining('answering-worker.mjs') as string;
    await expect(workers.run({ action: 'throw', value: 'odd' })).rejects.toMatchObject({ stack });
    expect((await workers.run({ action: 'echo' })).waiting).toBe(3);
  });
});

describe('a worker that ends', () => {
  it('rejects its units and those of the others: the run is over', async () => {
    start(2);
    const waiting = [0, 1, 0, 1].map((worker) => workers.runOn(worker, { action: 'never' }));
    const rejected = Promise.allSettled(waiting);
    await expect(workers.runOn(1, { action: 'exit', value: 7 })).rejects.toThrow(
      'worker 1 ended with status 7',
    );
    for (const { status } of await rejected) expect(status).toBe('rejected');
  });

  it('by an uncaught error rejects with it', async () => {
    start(1);
    await expect(workers.run({ action: 'crash', value: 'deep inside' })).rejects.toThrow('deep inside');
  });

  it('before it answers anything rejects with the reason', async () => {
    start(1, () => 'broken');
    await expect(workers.run({ action: 'echo' })).rejects.toThrow('broken from the start');
  });

  it('rejects later units, too', async () => {
    start(2);
    await expect(workers.runOn(0, { action: 'exit', value: 7 })).rejects.toThrow('status 7');
    await expect(workers.runOn(0, { action: 'echo' })).rejects.toThrow('worker 0 ended with status 7');
    await expect(workers.run({ action: 'echo' })).rejects.toThrow('worker 0 ended with status 7');
  });

  it('settles before it ends, if asked', async () => {
    for (const settles of [true, false]) {
      const settled = new Int32Array(new SharedArrayBuffer(4));
      workers = new Workers<Unit, Result>({ script: SCRIPT, count: 1, dataFor: () => settled, settles });
      await workers.run({ action: 'echo' });
      await workers.close();
      expect(settled[0]).toBe(settles ? 1 : 0);
    }
  });

  it('can be closed after it has ended', async () => {
    workers = new Workers<Unit, Result>({ script: SCRIPT, count: 1, dataFor: () => 1, settles: true });
    await expect(workers.run({ action: 'exit', value: 7 })).rejects.toThrow('status 7');
    await workers.close();
  });

  it('because it was closed rejects nothing', async () => {
    start(1);
    await workers.run({ action: 'echo' });
    await workers.close();
    await workers.close();
  });
});
