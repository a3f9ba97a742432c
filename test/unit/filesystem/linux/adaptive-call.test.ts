import { afterEach, describe, expect, it, vi } from 'vitest';
import { adaptiveCall } from '../../../../src/filesystem/linux/adaptive-call.ts';

afterEach(() => vi.restoreAllMocks());

const LATENCY_US = 1000;
const POOLED_US = 10;

/** Gives which variant served each of `count` calls; `takesUs`: what the blocking one takes. */
function serve(count: number, takesUs: (index: number) => number): string {
  let nowMs = 0;
  let index = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const served: string[] = [];
  const call = adaptiveCall(
    () => {
      nowMs += takesUs(index) / 1000;
      return served.push('b');
    },
    () => {
      nowMs += POOLED_US / 1000;
      return served.push('p');
    },
    LATENCY_US / 1000,
  );
  for (; index < count; index++) void call(0);
  return served.join('');
}

describe('adaptiveCall', () => {
  it('blocks as long as it comes back at once', () => {
    expect(serve(100, () => 5)).toBe('b'.repeat(100));
  });

  it('tries a slow one again after twice as long each time', () => {
    // 4,000 round trips: tried after 0, 100, 300, 700, 1,500 and 3,100 of them, a few calls each time.
    const served = serve(400_000, () => LATENCY_US);
    expect(served.match(/b+/g)?.length).toBe(6);
    expect(served.replaceAll('p', '').length).toBeLessThan(50);
  });

  it('is tried again as soon as at first, once it has been quick', () => {
    const served = serve(120_000, (index) => (index < 20_000 || index >= 60_000 ? LATENCY_US : 5));
    const pauses = served.match(/p+/g)?.map(({ length }) => length) ?? [];
    expect(pauses.map((calls) => Math.round(calls / 10_000))).toEqual([1, 2, 1, 2, 3]);
  });

  it('is pooled soon when it becomes slow, and blocks again when it is quick', () => {
    const served = serve(100_000, (index) => (index >= 20 && index < 100 ? LATENCY_US : 5));
    expect(served.slice(0, 100)).toBe(`${'b'.repeat(31)}${'p'.repeat(69)}`);
    expect(served.slice(-1000)).toBe('b'.repeat(1000));
  });

  it('goes on blocking though the machine is busy now and then', () => {
    const busyUs = 8 * LATENCY_US;
    const served = serve(10_000, (index) => (index % 300 === 0 ? busyUs : 30));
    expect(served).toBe('b'.repeat(10_000));
  });

  it('passes arguments and results as they are', () => {
    const given: unknown[] = [];
    const call = adaptiveCall(
      (...args) => given.push(args),
      () => 0,
      LATENCY_US / 1000,
    );
    expect(call(7, 'name')).toBe(1);
    expect(given).toEqual([[7, 'name']]);
  });
});
