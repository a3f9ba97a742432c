import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDigester, digestFile, dropCache } from '../../../../src/filesystem/compare/content-digest.ts';
import { loadXxhash } from '../../../../src/filesystem/compare/xxhash.ts';
import { makeScratch, ON_DISK, run, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const SIZES = [0, 1, 31, 4 * KIB, 128 * KIB - 1, 128 * KIB, MIB, 2 * MIB, 3 * MIB + 5];

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

const request = { sizeBytes: 0, dropCache: true, onBytes: () => undefined };

function sha256sum(name: string): string {
  return run('sha256sum', scratch.path(name)).slice(0, 64);
}

beforeAll(loadXxhash);

describe('createDigester', () => {
  // Vectors from the reference implementation, https://github.com/Cyan4973/xxHash.
  it.each([
    ['', 'ef46db3751d8e999'],
    ['a', 'd24ec4f1a98c6e5b'],
    ['abc', '44bc2cf5ad770999'],
  ])('xxh64 of %j', async (text, hex) => {
    const digester = await createDigester('xxh64');
    digester.update(Buffer.from(text));
    expect(digester.hex()).toBe(hex);
  });

  it('keeps concurrent digests apart', async () => {
    const digesters = await Promise.all(Array.from({ length: 3 }, () => createDigester('xxh64')));
    for (const letter of ['a', 'b', 'c']) {
      for (const digester of digesters) digester.update(Buffer.from(letter));
    }
    expect(digesters.map((digester) => digester.hex())).toEqual(Array(3).fill('44bc2cf5ad770999'));
  });
});

describe('digestFile', () => {
  it.each(SIZES)('sha256 of %d bytes is what sha256sum prints', async (sizeBytes) => {
    writeFileSync(scratch.path('f'), randomBytes(sizeBytes));
    let reported = 0;
    const onBytes = (count: number): void => void (reported += count);
    const digest = await digestFile(scratch.open('f'), { ...request, sizeBytes, digest: 'sha256', onBytes });
    expect(digest).toEqual({ hex: sha256sum('f'), sizeBytes });
    expect(reported).toBe(sizeBytes);
  });

  it.each([10, 3 * MIB])('reads to the end whatever the recorded size: %d', async (noted) => {
    writeFileSync(scratch.path('f'), randomBytes(2 * MIB + 3));
    const digest = await digestFile(scratch.open('f', 'pooled'), {
      ...request,
      sizeBytes: noted,
      digest: 'sha256',
    });
    expect(digest).toEqual({ hex: sha256sum('f'), sizeBytes: 2 * MIB + 3 });
  });
});

const isOnDisk = run('stat', '-f', '-c', '%T', ON_DISK).trim() !== 'tmpfs';

function cachedPages(): number {
  return Number(run('fincore', '--noheadings', '-o', 'PAGES', scratch.path('f')));
}

describe.skipIf(!isOnDisk)('dropCache (needs a temporary directory on a disk)', () => {
  it('makes the next read ask the disk', async () => {
    writeFileSync(scratch.path('f'), randomBytes(MIB));
    run('sync', scratch.path('f'));
    expect(cachedPages()).toBeGreaterThan(0);
    await dropCache(scratch.open('f'));
    expect(cachedPages()).toBe(0);
  });
});

describeWith(['rsync'], 'digestFile compared with rsync', () => {
  it.each(SIZES)('xxh64 of %d bytes is what rsync computes', async (sizeBytes) => {
    writeFileSync(scratch.path('f'), randomBytes(sizeBytes));
    const { hex } = await digestFile(scratch.open('f'), { ...request, sizeBytes, digest: 'xxh64' });
    const options = ['-c', '--checksum-choice=xxh64', '--out-format=%C'];
    const printed = run('rsync', ...options, scratch.path('f'), scratch.path('copy')).trim();
    expect(hex).toBe(printed);
  });
});
