import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as blocking from '../../../src/flow/lanes.blocking.ts';
import { forEachFound, forEachLane } from '../../../src/flow/lanes.ts';

/** Visits that the test ends. */
function controlledVisits() {
  const started: number[] = [];
  const ends = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const visit = (item: number) => {
    started.push(item);
    return new Promise<void>((resolve, reject) => ends.set(item, { resolve, reject }));
  };
  const end = async (item: number, error?: Error) => {
    if (error === undefined) ends.get(item)?.resolve();
    else ends.get(item)?.reject(error);
    await turn();
  };
  return { started, visit, end };
}

function* brokenItems() {
  yield 1;
  throw new Error('no more');
}

describe('forEachLane', () => {
  it('visits each item once, with as many at once as there are lanes and never more', async () => {
    const counts = fc.integer({ min: 0, max: 60 });
    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 1, max: 12 }), async (itemCount, laneCount) => {
        const visited: number[] = [];
        let [atOnce, most] = [0, 0];
        await forEachLane(Array(itemCount).keys(), laneCount, async (item) => {
          most = Math.max(most, ++atOnce);
          await turn();
          visited.push(item);
          atOnce--;
        });
        expect(visited.toSorted((a, b) => a - b)).toEqual([...Array(itemCount).keys()]);
        expect(most).toBe(Math.min(itemCount, laneCount));
      }),
      { numRuns: 50 },
    );
  });

  it.each([0, 1])('goes one by one, in order, with %i lanes', async (laneCount) => {
    const { started, visit, end } = controlledVisits();
    const done = forEachLane([1, 2, 3], laneCount, visit);
    for (const item of [1, 2, 3]) {
      expect(started.at(-1)).toBe(item);
      await end(item);
    }
    await done;
    expect(started).toEqual([1, 2, 3]);
  });

  it('gives a free lane the next item, whatever the others do', async () => {
    const { started, visit, end } = controlledVisits();
    const done = forEachLane([1, 2, 3, 4], 2, visit);
    await end(2);
    await end(3);
    expect(started).toEqual([1, 2, 3, 4]);
    await end(4);
    await end(1);
    await done;
  });

  it('starts nothing after an error, and ends with the visits in progress', async () => {
    const { started, visit, end } = controlledVisits();
    let isOver = false;
    const done = forEachLane([1, 2, 3, 4], 2, visit).finally(() => (isOver = true));
    const failed = expect(done).rejects.toThrow('two');
    await end(2, new Error('two'));
    expect({ started, isOver }).toEqual({ started: [1, 2], isOver: false });
    await end(1);
    await failed;
    expect(started).toEqual([1, 2]);
  });

  it('throws the error that came first, not that of the first lane', async () => {
    const { visit, end } = controlledVisits();
    const failed = expect(forEachLane([1, 2], 2, visit)).rejects.toThrow('two');
    await end(2, new Error('two'));
    await end(1, new Error('one'));
    await failed;
  });

  it('throws an error of the iteration after the visits in progress', async () => {
    const { visit, end } = controlledVisits();
    let isOver = false;
    const done = forEachLane(brokenItems(), 2, visit).finally(() => (isOver = true));
    const failed = expect(done).rejects.toThrow('no more');
    await turn();
    expect(isOver).toBe(false);
    await end(1);
    await failed;
  });
});

/** A stack of items. Item 1 finds 11 and 12, which find nothing. */
function stackOf(...items: number[]) {
  const found = (item: number) => items.push(...(item < 10 ? [item * 10 + 1, item * 10 + 2] : []));
  return { take: () => items.pop(), found };
}

describe('forEachFound', () => {
  it('also visits items that visits find, and ends when none is left', async () => {
    const { take, found } = stackOf(1, 2);
    const visited: number[] = [];
    await forEachFound(take, 3, async (item) => {
      await turn();
      visited.push(item);
      found(item);
    });
    expect(visited.toSorted((a, b) => a - b)).toEqual([1, 2, 11, 12, 21, 22]);
  });

  it('never has more in progress than lanes', async () => {
    const { started, visit, end } = controlledVisits();
    const { take } = stackOf(11, 12, 13);
    const done = forEachFound(take, 2, visit);
    expect(started).toEqual([13, 12]);
    await end(12);
    expect(started).toEqual([13, 12, 11]);
    await end(13);
    await end(11);
    await done;
  });

  it('starts nothing after an error, and ends with the visits in progress', async () => {
    const { started, visit, end } = controlledVisits();
    const { take } = stackOf(11, 12, 13);
    let isOver = false;
    const done = forEachFound(take, 2, visit).finally(() => (isOver = true));
    const failed = expect(done).rejects.toThrow('thirteen');
    await end(13, new Error('thirteen'));
    expect({ started, isOver }).toEqual({ started: [13, 12], isOver: false });
    await end(12);
    await failed;
  });
});

describe('with blocking calls', () => {
  it('every item is visited in order, and the first error ends it', () => {
    const visited: number[] = [];
    const visit = (item: number) => {
      if (item === 3) throw new Error('three');
      visited.push(item);
    };
    expect(() => blocking.forEachLane([1, 2, 3, 4], 8, visit)).toThrow('three');
    expect(visited).toEqual([1, 2]);
  });

  it('items that visits find are visited too', () => {
    const { take, found } = stackOf(1, 2);
    const visited: number[] = [];
    blocking.forEachFound(take, 8, (item) => {
      visited.push(item);
      found(item);
    });
    expect(visited).toEqual([2, 22, 21, 1, 12, 11]);
  });
});
