import { afterEach, describe, expect, it, vi } from 'vitest';
import { adaptiveCall } from '../../../../src/filesystem/linux/adaptive-call.ts';

afterEach(() => vi.restoreAllMocks());

/** A call whose blocking variant takes what `takesUs` says; gives which variant served each of `count`. */
function serve(count: number, takesUs: (index: number) => number, quickUs = 100): string {
  let nowMs = 0;
  let index = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const served: string[] = [];
  const call = adaptiveCall(
    () => {
      nowMs += takesUs(index) / 1000;
      return served.push('b');
    },
    () => served.push('p'),
    quickUs,
  );
  for (; index < count; index++) void call(0);
  return served.join('');
}

describe('adaptiveCall', () => {
  it('blocks as long as it comes back at once', () => {
    expect(serve(100, () => 5)).toBe('b'.repeat(100));
  });

  it('tries a slow one ever more rarely', () => {
    const served = serve(1000, () => 1000);
    expect(served.slice(0, 27)).toBe(`b${'p'.repeat(8)}b${'p'.repeat(16)}b`);
    expect(served.replaceAll('p', '')).toHaveLength(8);
  });

  it('notices within five calls that it has become slow, and at the next trial that it is quick again', () => {
    const served = serve(60, (index) => (index >= 20 && index < 30 ? 1000 : 5));
    const blockedWhileSlow = served.slice(20, 30).replaceAll('p', '').length;
    expect(blockedWhileSlow).toBeLessThanOrEqual(5);
    expect(served.slice(46)).toBe('b'.repeat(14));
  });

  it('passes arguments and results as they are', () => {
    const given: unknown[] = [];
    const call = adaptiveCall(
      (...args) => given.push(args),
      () => 0,
      100,
    );
    expect(call(7, 'name')).toBe(1);
    expect(given).toEqual([[7, 'name']]);
  });
});
