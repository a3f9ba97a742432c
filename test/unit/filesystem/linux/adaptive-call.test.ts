import { afterEach, describe, expect, it, vi } from 'vitest';
import { adaptiveCall } from '../../../../src/filesystem/linux/adaptive-call.ts';

afterEach(() => vi.restoreAllMocks());

const QUICK_US = 100;
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
    QUICK_US,
  );
  for (; index < count; index++) void call(0);
  return served.join('');
}

describe('adaptiveCall', () => {
  it('blocks as long as it comes back at once', () => {
    expect(serve(100, () => 5)).toBe('b'.repeat(100));
  });

  it('spends a hundredth of the time on trials of a slow one', () => {
    const served = serve(100_000, () => 1000);
    const trials = served.replaceAll('p', '').length;
    const [blockedUs, pooledUs] = [trials * 1000, (served.length - trials) * POOLED_US];
    expect(trials).toBeGreaterThan(5);
    expect(blockedUs / (blockedUs + pooledUs)).toBeLessThan(0.011);
  });

  it('is pooled at once when it becomes slow, and blocks again when it is quick', () => {
    const served = serve(20_000, (index) => (index >= 20 && index < 100 ? 1000 : 5));
    expect(served.slice(0, 100)).toBe(`${'b'.repeat(21)}${'p'.repeat(79)}`);
    expect(served.slice(-1000)).toBe('b'.repeat(1000));
  });

  it('passes arguments and results as they are', () => {
    const given: unknown[] = [];
    const call = adaptiveCall(
      (...args) => given.push(args),
      () => 0,
      QUICK_US,
    );
    expect(call(7, 'name')).toBe(1);
    expect(given).toEqual([[7, 'name']]);
  });
});
