/** A large file in ranges: begun in order, so many at once, ended by the first that says so, finished once. */
import { describe, expect, it, test, vi } from 'vitest';
import { doInRanges, forEachLimited, type RangedJob } from '../../../../src/engine/context/ranged-job.ts';

const ranges = [0, 1, 2, 3, 4].map((offset) => ({ offset, end: offset + 1 }));

function recordedJob(job: Partial<RangedJob<string>>): { events: string[]; job: RangedJob<string> } {
  const events: string[] = [];
  return {
    events,
    job: {
      open: async () => 'opened',
      ranges: () => ranges,
      skip: ({ offset }) => {
        events.push(`skip ${offset}`);
      },
      finish: async (opened) => {
        events.push(`finish ${opened}`);
      },
      ...job,
      work: async (opened, range) => {
        events.push(`begin ${range.offset}`);
        const goesOn = (await job.work?.(opened, range)) ?? true;
        events.push(`end ${range.offset}`);
        return goesOn;
      },
    },
  };
}

test('copies two ranges at once, in order, and finishes after the last', async () => {
  const { events, job } = recordedJob({});
  await doInRanges(job, 2);
  expect(events.filter((event) => event.startsWith('begin'))).toEqual(
    ranges.map(({ offset }) => `begin ${offset}`),
  );
  expect(events.slice(0, 2)).toEqual(['begin 0', 'begin 1']);
  expect(events.at(-1)).toBe('finish opened');
});

test('a range may skip the rest; those in progress end before the finish', async () => {
  let release: (() => void) | undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { events, job } = recordedJob({
    work: async (_opened, { offset }) => {
      if (offset === 0) await held;
      return offset !== 1;
    },
    skip: ({ offset }) => {
      events.push(`skip ${offset}`);
      if (offset === 4) release?.();
    },
  });
  await doInRanges(job, 2);
  expect(events).toEqual([
    'begin 0', 'begin 1', 'end 1', 'skip 2', 'skip 3', 'skip 4', 'end 0', 'finish opened',
  ]); // prettier-ignore
});

test('nothing remains to do if no file was opened', async () => {
  const { events, job } = recordedJob({ open: async () => undefined });
  await doInRanges(job, 2);
  expect(events).toEqual([]);
});

test('a fatal error is thrown after those in progress have ended, and nothing is finished', async () => {
  const { events, job } = recordedJob({
    work: async (_opened, { offset }) => {
      if (offset === 1) throw new Error('no more');
      return true;
    },
  });
  await expect(doInRanges(job, 2)).rejects.toThrow('no more');
  expect(events).not.toContain('finish opened');
  expect(events).toContain('end 0');
});

/** Starts visits that the test ends. */
function startVisits(count: number, mostAtOnce: number) {
  const begun: number[] = [];
  const ends = new Map<number, (error?: Error) => void>();
  const all = forEachLimited(Array(count).keys(), mostAtOnce, (item) => {
    begun.push(item);
    return new Promise<void>((resolve, reject) => {
      ends.set(item, (error) => (error === undefined ? resolve() : reject(error)));
    });
  });
  return { begun, all, end: (item: number, error?: Error) => ends.get(item)?.(error) };
}

describe('forEachLimited', () => {
  it('runs up to the limit at once, in order, and begins one for each that ends', async () => {
    const { begun, all, end } = startVisits(5, 2);
    const beginsUpTo = (item: number) =>
      vi.waitFor(() => expect(begun).toEqual([...Array(item + 1).keys()]), { timeout: 60_000 });
    await beginsUpTo(1);
    end(1);
    await beginsUpTo(2);
    for (const item of [0, 2]) {
      end(item);
      await beginsUpTo(begun.length);
    }
    for (const item of [3, 4]) end(item);
    await all;
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it('begins nothing after an error, and throws it once the others have ended', async () => {
    const { begun, all, end } = startVisits(4, 2);
    const ended: unknown[] = [];
    const over = all.catch((error: unknown) => void ended.push(error));
    await vi.waitFor(() => expect(begun).toEqual([0, 1]), { timeout: 60_000 });
    end(0, new Error('first'));
    await new Promise(setImmediate);
    expect(ended).toEqual([]);
    end(1, new Error('second'));
    await over;
    expect(ended).toEqual([new Error('first')]);
    expect(begun).toEqual([0, 1]);
  });

  it('runs one at a time if the limit is zero', async () => {
    const seen: number[] = [];
    await forEachLimited([1, 2], 0, async (item) => void seen.push(item));
    expect(seen).toEqual([1, 2]);
  });
});
