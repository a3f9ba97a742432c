/** Sizes fall into their classes, at the edges too, and all isolates' counts are summed. */
import { expect, test } from 'vitest';
import { FileSizes } from '../../../src/phases/file-sizes.ts';

test('classes with their edges', () => {
  const here = new FileSizes({ rows: 2, row: 1 });
  const worker = new FileSizes({ rows: 2, row: 0, shared: here.shared });
  for (const size of [0, 0, 1, 1024, 1025]) worker.add(size);
  for (const size of [1024, 2 ** 30, 100 * 2 ** 30, 100 * 2 ** 30 + 1]) here.add(size);
  expect(here.classes()).toEqual([
    { largestBytes: 0, files: 2, bytes: 0 },
    { largestBytes: 1024, files: 3, bytes: 2049 },
    { largestBytes: 10_240, files: 1, bytes: 1025 },
    { largestBytes: 2 ** 30, files: 1, bytes: 2 ** 30 },
    { largestBytes: 100 * 2 ** 30, files: 1, bytes: 100 * 2 ** 30 },
    { files: 1, bytes: 100 * 2 ** 30 + 1 },
  ]);
});
