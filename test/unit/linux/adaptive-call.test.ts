import { afterEach, describe, expect, it, vi } from 'vitest';
import { adaptiveCall } from '../../../src/linux/adaptive-call.ts';

afterEach(() => vi.restoreAllMocks());

const LATENCY_US = 1000;
const POOLED_US = 10;

/** Returns which variant served each of `count` calls. The blocking one takes `takesUs`. */
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
  it('blocks as long as calls return at once', () => {
    expect(serve(100, () => 5)).toBe('b'.repeat(100));
  });

  it('retries a slow blocking call with doubled intervals', () => {
    // 4,000 round trips: it is retried after 0, 100, 300, 700, 1,500 and 3,100 of them, for a few calls each.
    const served = serve(400_000, () => LATENCY_US);
    expect(served.match(/b+/g)?.length).toBe(6);
    expect(served.replaceAll('p', '').length).toBeLessThan(50);
  });

  it('restarts the intervals after a quick call', () => {
    const served = serve(120_000, (index) => (index < 20_000 || index >= 60_000 ? LATENCY_US : 5));
    const pauses = served.match(/p+/g)?.map(({ length }) => length) ?? [];
    expect(pauses.map((calls) => Math.round(calls / 10_000))).toEqual([1, 2, 1, 2, 3]);
  });

  it('switches to the pool when calls become slow, and back when they are quick', () => {
    const served = serve(100_000, (index) => (index >= 20 && index < 100 ? LATENCY_US : 5));
    expect(served.slice(0, 100)).toBe(`${'b'.repeat(31)}${'p'.repeat(69)}`);
    expect(served.slice(-1000)).toBe('b'.repeat(1000));
  });

  it('keeps blocking if the machine is busy now and then', () => {
    const busyUs = 8 * LATENCY_US;
    const served = serve(10_000, (index) => (index % 300 === 0 ? busyUs : 30));
    expect(served).toBe('b'.repeat(10_000));
  });

  it('passes arguments and results unchanged', () => {
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
