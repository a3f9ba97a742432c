/** Numbers of concurrency that depend on each other, and those that a file repeats because it cannot import them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUFFER_SIZE_BYTES, SMALL_BUFFER_SIZE_BYTES } from '../../../src/filesystem/buffer-pool.ts';
import * as numbers from '../../../src/model/concurrency.ts';

function read(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
}

test.each([
  ['bin/efs-sync.js', `process.env.UV_THREADPOOL_SIZE ||= '${numbers.POOL_THREADS}';`],
  ['docs/api.md', `UV_THREADPOOL_SIZE=${numbers.POOL_THREADS}`],
  ['man/efs-sync.1', `Threads that wait for calls; ${numbers.POOL_THREADS} by default.`],
  ['man/efs-sync.1', `by default ${numbers.CALLS_PER_MOUNT} for each mount`],
  ['man/efs-sync.1', `no more than ${numbers.CALLS_PER_ISOLATE} a core`],
  ['docs/design.md', `${numbers.CALLS_PER_MOUNT} calls are in flight for each mount`],
  ['docs/design.md', `at most ${numbers.CALLS_PER_ISOLATE} a core`],
  ['docs/code.md', `its calls in flight: ${numbers.CALLS_PER_ISOLATE},`],
  ['docs/code.md', `libuv's ${numbers.POOL_THREADS} threads`],
  ['docs/code.md', `at most ${numbers.POOLED_CALLS_PER_ISOLATE} at a time for each isolate`],
])('%s: %s', (path, text) => {
  expect(read(path)).toContain(text);
});

test('one isolate can fill a mount, and the pool has a thread for each of its requests', () => {
  expect(numbers.CALLS_PER_ISOLATE).toBeGreaterThanOrEqual(numbers.CALLS_PER_MOUNT);
  expect(numbers.POOL_THREADS).toBeGreaterThanOrEqual(numbers.CALLS_PER_MOUNT);
});

/** Both queues find an entry by the low bits of a counter. */
test('a ring has a power of two entries', () => {
  expect(Math.log2(numbers.CALLS_PER_ISOLATE) % 1).toBe(0);
});

test.each([1, 2, 7, 16, 32, 63, 64])(
  'the lanes of all units of a worker keep %d calls in flight',
  (calls) => {
    const lanes = numbers.lanesPerUnit(calls) * numbers.OVERLAPPING_UNITS_PER_WORKER;
    expect(lanes).toBeGreaterThanOrEqual(2 * calls);
    expect(lanes).toBeLessThanOrEqual(numbers.MOST_LANES);
  },
);

test('the buffers of an isolate take as much memory as documented', () => {
  const { BUFFERS, CALLS_PER_ISOLATE, SMALL_BUFFER_PAIRS } = numbers;
  const large = (BUFFERS + 2 * BUFFERS) * BUFFER_SIZE_BYTES;
  const small = (CALLS_PER_ISOLATE + 2 * SMALL_BUFFER_PAIRS) * SMALL_BUFFER_SIZE_BYTES;
  const mib = (large + small) / 2 ** 20;
  expect(read('src/model/concurrency.ts')).toContain(`All together take ${mib} MiB an isolate`);
});

test('the fewest descriptors are enough for one worker with one lane', () => {
  const { DESCRIPTORS_BESIDE, DESCRIPTORS_PER_WORKER, FEW_DESCRIPTORS, LEAST_DESCRIPTORS } = numbers;
  expect(LEAST_DESCRIPTORS).toBe(DESCRIPTORS_BESIDE + DESCRIPTORS_PER_WORKER);
  expect(FEW_DESCRIPTORS).toBeGreaterThan(LEAST_DESCRIPTORS);
});
