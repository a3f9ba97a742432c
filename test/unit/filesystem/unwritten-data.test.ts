/** What /proc/meminfo says of data that has yet to be written. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { unwrittenIn } from '../../../src/filesystem/unwritten-data.ts';

it('is what is dirty and what is on its way', () => {
  const text =
    'MemFree:   5 kB\nDirty:       120 kB\nWriteback:    30 kB\nWritebackTmp:   7 kB\nNFS_Unstable: 1 kB\n';
  expect(unwrittenIn(text)).toBe(151);
});

it('is unknown where nothing is said of it', () => {
  expect(unwrittenIn('MemFree: 5 kB\n')).toBeUndefined();
});

it('is told by this kernel', () => {
  expect(unwrittenIn(readFileSync('/proc/meminfo', 'latin1'))).toEqual(expect.any(Number));
});
