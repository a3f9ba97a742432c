/** Each call gives its own result, whatever else is in flight. */
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Linux } from '../../../src/linux/call-table.ts';
import { makeScratch, runPython } from '../../support/open-files.ts';
import { CALL_PATHS, callsBy } from '../../support/call-paths.ts';

/** Calls with different results, in the order of RESULTS. */
function attempts(linux: Linux, fd: number): (() => unknown)[] {
  const buffer = Buffer.alloc(256);
  return [
    () => linux.openat(fd, 'none', 0, 0),
    () => linux.openat(fd, 'file/below', 0, 0),
    () => linux.openat(fd, 'n'.repeat(256), 0, 0),
    () => linux.mkdirat(fd, 'file', 0o777),
    () => linux.unlinkat(fd, 'full', 0x200),
    () => linux.readlinkat(fd, 'file', buffer, 256),
    () => linux.close(1_000_000),
    () => linux.lseek(fd, -5, 0),
    () => linux.statx(fd, 'file', 0x100, 0x7ff, Buffer.alloc(256)),
    () => linux.symlinkat('file', fd, 'n'.repeat(9000)),
  ];
}
const RESULTS = [-2, -20, -36, -17, -39, -22, -9, -22, 0, -36];

test.each(CALL_PATHS)('a thousand concurrent calls return their own errno, %s', async (style) => {
  const scratch = makeScratch();
  runPython(
    'import os, sys; os.makedirs(sys.argv[1] + "/full/x"); open(sys.argv[1] + "/file", "w")',
    scratch.directory,
  );
  const fd = openSync(scratch.directory, 'r');
  const calls = Array.from({ length: 100 }, () => attempts(callsBy(style), fd)).flat();
  const results = await Promise.all(calls.map((call) => call()));
  closeSync(fd);
  scratch.remove();
  expect(results).toEqual(calls.map((_, index) => RESULTS[index % RESULTS.length]));
});
