import { expect, test } from 'vitest';
import { isCrowded } from '../../../src/policy/staging.ts';

test.each([
  ['one directory takes all', { files: 256, directoryFiles: 3000, allFiles: 3000 }, true],
  ['it takes just over half', { files: 256, directoryFiles: 1501, allFiles: 3000 }, true],
  ['two take half each', { files: 256, directoryFiles: 1500, allFiles: 3000 }, false],
  ['a few files are new in a large one', { files: 31, directoryFiles: 100_000, allFiles: 31 }, false],
  ['enough are', { files: 32, directoryFiles: 100_000, allFiles: 32 }, true],
  ['how many there are is not known', { files: 256, directoryFiles: 0, allFiles: 256 }, false],
])('%s', (_, counts, crowded) => {
  expect(isCrowded(counts)).toBe(crowded);
});
