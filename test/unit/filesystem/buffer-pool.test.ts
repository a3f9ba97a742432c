import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  allocateHugePage,
  HUGE_PAGE_BYTES,
  withBuffer,
  withBufferPair,
  withSmallBuffer,
  withSmallBufferPair,
} from '../../../src/filesystem/buffer-pool.ts';

const pools = [
  ['withBuffer', (use: (buffer: Buffer) => Promise<void>) => withBuffer(use), 1024 * 1024],
  ['withSmallBuffer', (use: (buffer: Buffer) => Promise<void>) => withSmallBuffer(use), 128 * 1024],
] as const;

describe.each(pools)('%s', (_, withOne, sizeBytes) => {
  it('never lends one buffer twice, and creates no more than its limit', async () => {
    const lent = new Set<Buffer>();
    const seen = new Set<Buffer>();
    await Promise.all(
      Array.from({ length: 500 }, () =>
        withOne(async (buffer) => {
          expect(buffer.length).toBe(sizeBytes);
          expect(lent.has(buffer)).toBe(false);
          lent.add(buffer);
          seen.add(buffer);
          await new Promise(setImmediate);
          lent.delete(buffer);
        }),
      ),
    );
    expect(seen.size).toBeLessThanOrEqual(64);
  });

  it('takes a buffer back after a failed use', async () => {
    const failing = Array.from({ length: 200 }, () =>
      withOne(async () => {
        await new Promise(setImmediate);
        throw new Error('use failed');
      }),
    );
    const settled = await Promise.allSettled(failing);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    await withOne(() => Promise.resolve());
  });
});

describe('pairs', () => {
  it('do not overlap', async () => {
    for (const withPair of [withBufferPair, withSmallBufferPair]) {
      await withPair((first, second) => {
        first.fill(1);
        second.fill(2);
        expect(first.every((byte) => byte === 1)).toBe(true);
        expect(second.length).toBe(first.length);
        return Promise.resolve();
      });
    }
  });
});

/** Counts mappings with the flag `hg` of proc(5): advised to use huge pages. */
function advisedMappings(): number {
  const flags = readFileSync('/proc/self/smaps', 'latin1').match(/^VmFlags:.*/gm) ?? [];
  return flags.filter((line) => line.includes(' hg ')).length;
}

it('makes a huge page: memory of its size, marked for huge pages', () => {
  const before = advisedMappings();
  const page = allocateHugePage();
  expect(advisedMappings()).toBe(before + 1);
  expect(page.fill(1)).toHaveLength(HUGE_PAGE_BYTES);
});
