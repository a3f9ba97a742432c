/** Memory is given again once whoever read it has released it, wherever that was, and never before. */
import { expect, it } from 'vitest';
import { BytePool, release } from '../../../src/flow/byte-pool.ts';

it('gives other memory as long as somebody may read', () => {
  const pool = new BytePool();
  const [one, other] = [pool.take(100), pool.take(100)];
  one.fill(1);
  other.fill(2);
  expect([...new Set(one), ...new Set(other)]).toEqual([1, 2]);
  expect(pool.take(100).buffer).not.toBe(one.buffer);
});

it('gives the same again after its release, which another isolate or a part of it may tell', () => {
  const pool = new BytePool();
  const taken = pool.take(100);
  release(structuredClone(taken.subarray(10, 20)));
  expect(pool.take(100).buffer).toBe(taken.buffer);
  expect(pool.take(100).buffer).not.toBe(taken.buffer);
});

it('gives as much as is asked for, from what is large enough', () => {
  const pool = new BytePool();
  const [small, large] = [pool.take(10), pool.take(1000)];
  for (const each of [small, large]) release(each);
  const taken = pool.take(500);
  expect(taken.buffer).toBe(large.buffer);
  expect(taken.length).toBeGreaterThanOrEqual(500);
});

it('leaves bytes of no pool as they are', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  release(bytes);
  expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
