/** One block for many: where its parts lie, and that another isolate sees the same memory. */
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { apartBytes, shareCells } from '../../../src/flow/shared-cells.ts';

const LINE_BYTES = 64;

test('each part has its size, begins with zeros, and is in the same block', () => {
  const cells = shareCells({ one: 4, two: 3000, three: 8 });
  expect([cells.one, cells.two, cells.three].map(({ byteLength }) => byteLength)).toEqual([4, 3000, 8]);
  expect(new Set(Object.values(cells).map(({ buffer }) => buffer)).size).toBe(1);
  for (const part of Object.values(cells)) expect(part.every((byte) => byte === 0)).toBe(true);
});

test('a size of zero gives no part', () => {
  expect(shareCells({ one: undefined })).toEqual({ one: undefined });
  const { one, two } = shareCells({ one: undefined as number | undefined, two: 8 });
  expect([one, two.byteLength]).toEqual([undefined, 8]);
});

test('every part is aligned for any number', () => {
  const cells = shareCells({ one: 1, two: 63, three: 65, four: 8 });
  for (const { byteOffset } of Object.values(cells)) expect(byteOffset % 8).toBe(0);
});

/** Memory may start at any multiple of 16. */
test.each([0, 16, 32, 48])('no two parts share a cache line, %d bytes into one', (start) => {
  const cells = Object.values(shareCells({ one: 1, two: 64, three: 63, four: 65, five: 128, six: 8 }));
  const lines = cells.map(({ byteOffset, byteLength }) => ({
    first: Math.floor((start + byteOffset) / LINE_BYTES),
    last: Math.floor((start + byteOffset + byteLength - 1) / LINE_BYTES),
  }));
  lines.slice(1).forEach(({ first }, index) => expect(first).toBeGreaterThan(lines[index]?.last ?? 0));
  expect(apartBytes(0)).toBe(0);
});

test('a worker writes to the part that it was sent', async () => {
  const { one, two } = shareCells({ one: 8, two: 8 });
  const script = `const { workerData } = require('node:worker_threads'); workerData.two[7] = 42;`;
  await once(new Worker(script, { eval: true, workerData: { two } }), 'exit');
  expect([[...one], [...two]]).toEqual([
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 42],
  ]);
});
