import { randomBytes } from 'node:crypto';
import { appendFileSync, copyFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { haveSameBytes } from '../../../../src/filesystem/compare/compare-range.ts';
import type { DataRange } from '../../../../src/filesystem/data-ranges.ts';
import { makeScratch, run, type Scratch } from '../../../support/open-files.ts';
import { CALL_PATHS } from '../../../support/call-paths.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

function flip(name: string, offset: number): void {
  const { fd } = scratch.open(name);
  writeSync(fd, Buffer.from([0xa5]), 0, 1, offset);
}

function makeEqualFiles(sizeBytes: number): void {
  writeFileSync(scratch.path('a'), Buffer.alloc(sizeBytes, 'content'));
  copyFileSync(scratch.path('a'), scratch.path('b'));
}

describe.each(CALL_PATHS)('haveSameBytes, %s', (style) => {
  async function compare(range: DataRange, { sizeBytes = statSync(scratch.path('a')).size } = {}) {
    const { blocks } = statSync(scratch.path('a'));
    let readBytes = 0;
    const onBytes = (count: number) => void (readBytes += count);
    const isSame = await haveSameBytes(scratch.open('a', style), scratch.open('b', style), {
      range,
      sizeBytes,
      blocks,
      onBytes,
    });
    return { isSame, readBytes };
  }

  const range = { offset: 2 * MIB, end: 4 * MIB };

  it.each([
    ['before the range', 2 * MIB - 1, true],
    ['at its first byte', 2 * MIB, false],
    ['in its midst', 3 * MIB, false],
    ['at its last byte', 4 * MIB - 1, false],
    ['behind it', 4 * MIB, true],
  ])('a byte that differs %s', async (_, offset, isSame) => {
    makeEqualFiles(6 * MIB + 1);
    flip('b', offset);
    expect((await compare(range)).isSame).toBe(isSame);
    // cmp(1) must agree.
    const cmp = () =>
      run('cmp', '-i', `${2 * MIB}`, '-n', `${2 * MIB}`, scratch.path('a'), scratch.path('b'));
    if (isSame) cmp();
    else expect(cmp).toThrow(/cmp/);
  });

  it('reads equal ranges once, and ends at the first block that differs', async () => {
    makeEqualFiles(8 * MIB);
    expect(await compare({ offset: MIB, end: 7 * MIB })).toEqual({ isSame: true, readBytes: 6 * MIB });
    flip('b', MIB);
    expect(await compare({ offset: MIB, end: 7 * MIB })).toEqual({ isSame: false, readBytes: MIB });
  });

  it('finds content of either side beyond the recorded size', async () => {
    makeEqualFiles(3 * MIB);
    const noted = { sizeBytes: 3 * MIB };
    expect((await compare({ offset: 2 * MIB, end: 3 * MIB + 1 }, noted)).isSame).toBe(true);
    appendFileSync(scratch.path('b'), 'x');
    expect((await compare({ offset: 2 * MIB, end: 3 * MIB + 1 }, noted)).isSame).toBe(false);
    // If both sides have grown, the extra content is unknown.
    appendFileSync(scratch.path('a'), 'x');
    expect((await compare({ offset: 2 * MIB, end: 3 * MIB + 1 }, noted)).isSame).toBe(false);
  });

  it('a side that ends within the range differs', async () => {
    makeEqualFiles(4 * MIB);
    truncateSync(scratch.path('b'), 3 * MIB + 5);
    expect((await compare(range)).isSame).toBe(false);
  });

  it('does not read a hole on both sides, and finds data on one', async () => {
    for (const name of ['a', 'b']) {
      writeFileSync(scratch.path(name), '');
      truncateSync(scratch.path(name), GIB);
    }
    const hollow = { offset: 256 * MIB, end: 512 * MIB };
    expect(await compare(hollow)).toEqual({ isSame: true, readBytes: 0 });
    flip('b', 512 * MIB);
    expect(await compare(hollow)).toEqual({ isSame: true, readBytes: 0 });
    flip('b', 512 * MIB - 1);
    expect((await compare(hollow)).isSame).toBe(false);
  });

  it('a zero that was written is as good as a hole', async () => {
    writeFileSync(scratch.path('a'), '');
    truncateSync(scratch.path('a'), 8 * MIB);
    writeFileSync(scratch.path('b'), Buffer.alloc(8 * MIB));
    expect((await compare(range)).isSame).toBe(true);
  });

  it('random content, cut anywhere', async () => {
    writeFileSync(scratch.path('a'), randomBytes(3 * MIB + 17));
    copyFileSync(scratch.path('a'), scratch.path('b'));
    expect((await compare({ offset: 12_345, end: 3 * MIB + 1 })).isSame).toBe(true);
  });
});
