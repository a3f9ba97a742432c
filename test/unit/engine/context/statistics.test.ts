/** Sizes fall into their classes, at the edges too, and all units' counts are summed. */
import { expect, test } from 'vitest';
import { FileSizes } from '../../../../src/engine/context/statistics.ts';

const OF_BOTH = [
  { largestBytes: 0, files: 2, bytes: 0 },
  { largestBytes: 1024, files: 3, bytes: 2049 },
  { largestBytes: 10_240, files: 1, bytes: 1025 },
  { largestBytes: 2 ** 30, files: 1, bytes: 2 ** 30 },
  { largestBytes: 100 * 2 ** 30, files: 1, bytes: 100 * 2 ** 30 },
  { files: 1, bytes: 100 * 2 ** 30 + 1 },
];

test('classes with their edges', () => {
  const all = new FileSizes();
  const unit = new FileSizes();
  for (const size of [0, 0, 1, 1024, 1025]) unit.add(size);
  for (const size of [1024, 2 ** 30, 100 * 2 ** 30, 100 * 2 ** 30 + 1]) all.add(size);
  all.accept(structuredClone(unit.take()));
  expect(all.classes()).toEqual(OF_BOTH);
});

test('those of many units, whichever comes first, and none twice', () => {
  const units = [[0, 0, 1, 1024, 1025], [], [1024, 2 ** 30], [100 * 2 ** 30, 100 * 2 ** 30 + 1]];
  const counted = units.map((sizes) => {
    const unit = new FileSizes();
    for (const size of sizes) unit.add(size);
    return unit.take();
  });
  for (const inOrder of [counted, counted.toReversed()]) {
    const all = new FileSizes();
    for (const numbers of inOrder) all.accept(numbers);
    expect(all.classes()).toEqual(OF_BOTH);
  }
});
