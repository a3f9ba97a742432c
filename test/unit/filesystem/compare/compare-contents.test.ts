import { randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, openSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareContents, type CompareRequest } from '../../../../src/filesystem/compare/compare-contents.ts';
import type { OpenFile } from '../../../../src/filesystem/root.ts';
import { makeScratch, run, type Scratch } from '../../../support/open-files.ts';
import { CALL_PATHS, type TestedPath } from '../../../support/call-paths.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

function compare(style: TestedPath = 'blocking', request: Partial<CompareRequest> = {}) {
  const { size, blocks } = statSync(scratch.path('a'));
  return compareContents(scratch.open('a', style), scratch.open('b', style), {
    sizeBytes: size,
    largestBytes: Math.max(size, statSync(scratch.path('b')).size),
    blocks,
    digest: 'sha256',
    needsDigests: true,
    dropSourceCache: true,
    dropDestinationCache: true,
    onBytes: () => undefined,
    ...request,
  });
}

function sha256sum(name: string): string {
  return run('sha256sum', scratch.path(name)).slice(0, 64);
}

function patch(name: string, offset: number, bytes: Buffer): void {
  writeSync(scratch.open(name).fd, bytes, 0, bytes.length, offset);
}

function makeHole(name: string, sizeBytes: number): void {
  writeFileSync(scratch.path(name), '');
  truncateSync(scratch.path(name), sizeBytes);
}

describe.each(CALL_PATHS)('compareContents, %s', (style) => {
  const sizes = [0, 1, 128 * KIB - 1, 128 * KIB, MIB, 3 * MIB + 5];

  it.each(sizes)('reads each side of %d equal bytes once', async (sizeBytes) => {
    writeFileSync(scratch.path('a'), randomBytes(sizeBytes));
    copyFileSync(scratch.path('a'), scratch.path('b'));
    let reported = 0;
    const found = await compare(style, { onBytes: (count) => void (reported += count) });
    const digest = sha256sum('a');
    expect(found).toEqual({
      equal: true,
      sourceDigest: digest,
      destinationDigest: digest,
      exceedsSize: false,
      bytesRead: 2 * sizeBytes,
    });
    expect(reported).toBe(sizeBytes);
  });

  it.each([
    [1, 0],
    [4 * KIB, 4 * KIB - 1],
    [3 * MIB + 5, 0],
    [3 * MIB + 5, MIB],
    [3 * MIB + 5, 2 * MIB - 1],
    [3 * MIB + 5, 3 * MIB + 4],
  ])('finds the byte that differs in %d, at %d', async (sizeBytes, offset) => {
    const content = randomBytes(sizeBytes);
    writeFileSync(scratch.path('a'), content);
    content[offset] = (content[offset] as number) ^ 1;
    writeFileSync(scratch.path('b'), content);
    expect(await compare(style)).toMatchObject({
      equal: false,
      sourceDigest: sha256sum('a'),
      destinationDigest: sha256sum('b'),
      firstDifferenceOffset: offset,
    });
  });

  it.each([100, 3 * MIB])('names the side whose read of %d bytes fails', async (sizeBytes) => {
    for (const name of ['a', 'b']) writeFileSync(scratch.path(name), randomBytes(sizeBytes));
    const whole = { sizeBytes, largestBytes: sizeBytes, blocks: sizeBytes, digest: 'sha256' } as const;
    const asItIs = {
      needsDigests: true, dropSourceCache: false, dropDestinationCache: false, onBytes: () => undefined,
    }; // prettier-ignore
    const files = [
      { ...scratch.open('a', style), side: 'source' },
      { ...scratch.open('b', style), side: 'destination' },
    ] as const;
    // Reads from a write-only descriptor fail with EBADF.
    const fd = openSync(scratch.path('c'), 'w');
    for (const side of ['source', 'destination'] as const) {
      const failing = (file: OpenFile) => (file.side === side ? { ...file, fd } : file);
      const compared = compareContents(failing(files[0]), failing(files[1]), { ...whole, ...asItIs });
      await expect(compared).rejects.toMatchObject({ code: 'EBADF', side });
    }
    closeSync(fd);
  });

  it.each([
    [0, 1],
    [100, 200],
    [MIB, 3 * MIB],
    [2 * MIB, 2 * MIB + 1],
  ])('a file of %d bytes and its continuation to %d differ, either way', async (short, long) => {
    const content = randomBytes(long);
    for (const [a, b] of [
      [short, long],
      [long, short],
    ] as const) {
      writeFileSync(scratch.path('a'), content.subarray(0, a));
      writeFileSync(scratch.path('b'), content.subarray(0, b));
      for (const sizeBytes of [short, long, 0]) {
        expect(await compare(style, { sizeBytes, blocks: sizeBytes })).toMatchObject({
          equal: false,
          sourceDigest: sha256sum('a'),
          destinationDigest: sha256sum('b'),
          firstDifferenceOffset: short,
        });
      }
    }
  });

  it.each([1, 200 * KIB, 3 * MIB])(
    'ends a byte past the size of %d if the files are longer',
    async (sizeBytes) => {
      const content = randomBytes(sizeBytes + 3 * MIB);
      for (const name of ['a', 'b']) writeFileSync(scratch.path(name), content);
      const noted = { sizeBytes, largestBytes: sizeBytes, blocks: sizeBytes };
      const found = await compare(style, noted);
      expect(found).toMatchObject({ equal: false, firstDifferenceOffset: sizeBytes, exceedsSize: true });
      expect(found.sourceDigest).toBeUndefined();
      expect(found.bytesRead).toBeLessThan(2 * (sizeBytes + 256 * KIB));
    },
  );

  it('ends at the first difference if no digests are needed', async () => {
    makeHole('a', TIB);
    makeHole('b', TIB);
    patch('b', 5 * MIB, Buffer.from('x'));
    const found = await compare(style, { needsDigests: false, readsHoles: true });
    expect(found).toMatchObject({ equal: false, firstDifferenceOffset: 5 * MIB, exceedsSize: false });
    expect(found.sourceDigest).toBeUndefined();
    expect(found.bytesRead).toBe(12 * MIB);
  });

  it('skips a hole on both sides', async () => {
    for (const name of ['a', 'b']) {
      makeHole(name, TIB);
      patch(name, 5 * GIB, Buffer.from('data'));
    }
    const equal = await compare(style);
    expect(equal).toMatchObject({ equal: true, sourceDigest: equal.destinationDigest });
    expect(equal.bytesRead).toBeLessThan(4 * MIB);
    patch('b', 5 * GIB + 3, Buffer.from('!'));
    expect(await compare(style)).toMatchObject({
      equal: false,
      sourceDigest: equal.sourceDigest,
      firstDifferenceOffset: 5 * GIB + 3,
    });
  });

  it('finds data in place of a source hole, and treats zeros as a hole', async () => {
    for (const name of ['a', 'b']) makeHole(name, TIB);
    patch('b', 900 * GIB, Buffer.alloc(MIB));
    expect(await compare(style)).toMatchObject({ equal: true });
    patch('b', 900 * GIB + 77, Buffer.from('x'));
    const found = await compare(style);
    expect(found).toMatchObject({ equal: false, firstDifferenceOffset: 900 * GIB + 77 });
    expect(found.sourceDigest).not.toBe(found.destinationDigest);
  });

  it('distinguishes holes of different lengths', async () => {
    makeHole('a', 4 * MIB);
    makeHole('b', 4 * MIB + 1);
    expect(await compare(style)).toMatchObject({ equal: false, firstDifferenceOffset: 4 * MIB });
  });

  it('returns the plain digest of a file with short holes', async () => {
    const data = randomBytes(100 * KIB);
    for (const name of ['a', 'b']) {
      makeHole(name, 2900 * KIB);
      patch(name, 900 * KIB, data);
      patch(name, 1900 * KIB, data);
    }
    expect(statSync(scratch.path('b')).blocks).toBeLessThan(1000);
    expect(await compare(style)).toMatchObject({ equal: true, sourceDigest: sha256sum('a') });
    patch('b', 1900 * KIB, Buffer.alloc(1, (data[0] as number) ^ 1));
    expect(await compare(style)).toMatchObject({
      sourceDigest: sha256sum('a'),
      destinationDigest: sha256sum('b'),
      firstDifferenceOffset: 1900 * KIB,
    });
  });

  it('returns the plain digest of a file with a long hole that the other side filled', async () => {
    makeHole('a', 3 * MIB);
    patch('a', 0, Buffer.from('data'));
    writeFileSync(scratch.path('b'), Buffer.concat([Buffer.from('data'), Buffer.alloc(3 * MIB - 4)]));
    expect(await compare(style)).toMatchObject({ equal: true, sourceDigest: sha256sum('b') });
  });
});
