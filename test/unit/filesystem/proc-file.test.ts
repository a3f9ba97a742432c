/** What the kernel says of unwritten data. */
import { readFileSync } from 'node:fs';
import { it, expect } from 'vitest';
import { unwrittenIn } from '../../../src/filesystem/proc-file.ts';

it('unwritten data is dirty data plus data in writeback', () => {
  const text =
    'MemFree:   5 kB\nDirty:       120 kB\nWriteback:    30 kB\nWritebackTmp:   7 kB\nNFS_Unstable: 1 kB\n';
  expect(unwrittenIn(text)).toBe(151);
});

it('unwritten data is unknown if the kernel does not report it', () => {
  expect(unwrittenIn('MemFree: 5 kB\n')).toBeUndefined();
});

it('is reported by this kernel', () => {
  expect(unwrittenIn(readFileSync('/proc/meminfo', 'latin1'))).toEqual(expect.any(Number));
});
