/** A limit of calls: every call waits for it, except close, which only counts. */
import { constants, fstatSync, openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CALL_TABLE, type CallName } from '../../../src/linux/call-table.ts';
import { limitCalls } from '../../../src/linux/call-limits.ts';
import { linuxCalls } from '../../../src/linux/linux.ts';
import { CALL_PATHS, callsBy } from '../../support/call-paths.ts';

const EBADF = 9;
const never = new Promise<void>(() => undefined);

function counting(pass: () => Promise<void> = () => Promise.resolve()) {
  const counted = { before: 0, atOnce: 0 };
  return {
    counted,
    pass: (count: number) => {
      counted.before += count;
      return pass();
    },
    passAtOnce: (count: number) => void (counted.atOnce += count),
  };
}

describe.each(CALL_PATHS)('%s calls', (style) => {
  test('wait for their turn, with the same arguments and result', async () => {
    const limit = counting();
    const linux = limitCalls(callsBy(style), limit);
    const fd = await linux.open('/dev/null', constants.O_RDONLY, 0);
    expect(fd).toBeGreaterThan(0);
    expect(await linux.pread(fd, Buffer.alloc(8), 8, 0)).toBe(0);
    expect(await linux.pread(-1, Buffer.alloc(8), 8, 0)).toBe(-EBADF);
    expect(await linux.close(fd)).toBe(0);
    expect(await linux.close(-1)).toBe(-EBADF);
    expect(limit.counted).toEqual({ before: 3, atOnce: 2 });
    expect(linux.style).toBe(callsBy(style).style);
  });

  test('close a file even if no other call gets its turn', async () => {
    const linux = limitCalls(
      callsBy(style),
      counting(() => never),
    );
    const fd = openSync('/dev/null', 'r');
    void linux.fsync(fd);
    expect(await linux.close(fd)).toBe(0);
    expect(() => fstatSync(fd)).toThrow('EBADF');
  });
});

test('every call of the table is limited except the one that accesses no file', () => {
  const bare = linuxCalls('blocking');
  const linux = limitCalls(bare, counting());
  const names = Object.keys(CALL_TABLE) as CallName[];
  expect(names.filter((name) => linux[name] === bare[name])).toEqual(['geteuid']);
  const local = ['close', 'pwrite', 'statx'] as const;
  expect(local.filter((name) => linux.local[name] === bare.local[name])).toEqual([]);
});
