import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyPart, findHoles, finishParts } from '../../../../src/filesystem/copy/copy-part.ts';
import { reopenForReading } from '../../../../src/filesystem/open-file.ts';
import {
  IN_MEMORY,
  makeScratch,
  ON_DISK,
  run,
  runPython,
  type Scratch,
} from '../../../support/open-files.ts';
import type { TestedPath } from '../../../support/call-paths.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const RANGE = 2 * MIB;

let source: Scratch;
let destination: Scratch;
afterEach(() => {
  source.remove();
  destination.remove();
});

/** Copies `a` to `b` in ranges of 2 MiB, concurrently and in reverse order. */
async function copyInParts(
  styles: readonly [TestedPath, TestedPath],
  { inPlace = false, sizeBytes = statSync(source.path('a')).size } = {},
): Promise<number> {
  const { blocks } = statSync(source.path('a'));
  const [from, into] = [source.open('a', styles[0]), destination.open('b', styles[1])];
  const whole = { sizeBytes, blocks, inPlace };
  const holes = await findHoles(from, whole);
  let reported = 0;
  const onBytes = (count: number) => void (reported += count);
  const offsets = Array.from({ length: Math.ceil(sizeBytes / RANGE) }, (_, index) => index * RANGE);
  const written = await Promise.all(
    offsets.toReversed().map((offset) => {
      const range = { offset, end: Math.min(sizeBytes, offset + RANGE) };
      return copyPart(from, into, { ...whole, range, holes, onBytes });
    }),
  );
  await finishParts(into, whole);
  const total = written.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0);
  expect(reported).toBe(total);
  return total;
}

function expectSameContent(): void {
  run('cmp', source.path('a'), destination.path('b'));
}

function writeSparse(path: string, sizeBytes: number, pieces: readonly [number, number][]): void {
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
  const fd = openSync(path, 'r+');
  for (const [offset, length] of pieces) writeSync(fd, Buffer.alloc(length, 'data'), 0, length, offset);
  closeSync(fd);
}

/** The data ranges that the kernel reports to Python. */
function dataRangesOf(path: string): string {
  return runPython(
    `import os, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
at, size = 0, os.fstat(fd).st_size
while at < size:
    try: start = os.lseek(fd, at, os.SEEK_DATA)
    except OSError: break
    at = os.lseek(fd, start, os.SEEK_HOLE)
    print(start, at)`,
    path,
  );
}

const cases = [
  ['one disk file system', ON_DISK, ON_DISK, 'blocking', 'blocking'],
  ['one memory file system', IN_MEMORY, IN_MEMORY, 'pooled', 'pooled'],
  ['two file systems', IN_MEMORY, ON_DISK, 'blocking', 'blocking'],
  ['two file systems', ON_DISK, IN_MEMORY, 'pooled', 'blocking'],
  ['one file system', ON_DISK, ON_DISK, 'ring', 'ring'],
] as const;

describe.each(cases)('copyPart within %s', (_, sourceDirectory, destinationDirectory, ...styles) => {
  beforeEach(() => {
    source = makeScratch(sourceDirectory);
    destination = makeScratch(destinationDirectory);
  });

  it.each([1, RANGE - 1, RANGE, RANGE + 1, 3 * RANGE + 70 * KIB])('copies %d bytes', async (sizeBytes) => {
    writeFileSync(source.path('a'), randomBytes(sizeBytes));
    expect(await copyInParts(styles)).toBe(sizeBytes);
    expectSameContent();
  });

  it('leaves holes, also at and across the borders of ranges', async () => {
    writeSparse(source.path('a'), 4 * RANGE + 5, [
      [RANGE - 4 * KIB, 8 * KIB],
      [2 * RANGE, 4 * KIB],
      [3 * RANGE - 4 * KIB, 4 * KIB],
    ]);
    expect(await copyInParts(styles)).toBe(16 * KIB);
    expectSameContent();
    expect(dataRangesOf(destination.path('b'))).toBe(dataRangesOf(source.path('a')));
  });

  it('gives an all-hole file its length', async () => {
    writeSparse(source.path('a'), 2 * RANGE + 1, []);
    expect(await copyInParts(styles)).toBe(0);
    expectSameContent();
    expect(statSync(destination.path('b')).blocks).toBe(0);
  });

  it('truncates a longer file in place', async () => {
    writeFileSync(source.path('a'), randomBytes(RANGE + 1));
    writeFileSync(destination.path('b'), randomBytes(3 * RANGE));
    await copyInParts(styles, { inPlace: true });
    expectSameContent();
  });

  it('copies what remains of a truncated source', async () => {
    writeFileSync(source.path('a'), randomBytes(RANGE + 10));
    expect(await copyInParts(styles, { sizeBytes: 3 * RANGE })).toBe(RANGE + 10);
    run('cmp', '-n', String(RANGE + 10), source.path('a'), destination.path('b'));
  });
});

describe('reopenForReading', () => {
  it('returns another description of the same file, even if its name is gone', async () => {
    source = makeScratch();
    destination = makeScratch();
    writeFileSync(source.path('a'), 'content');
    const file = source.open('a');
    run('rm', source.path('a'));
    const again = await reopenForReading(file);
    try {
      expect(again.fd).not.toBe(file.fd);
      const bytes = Buffer.alloc(7);
      expect(await again.linux.pread(again.fd, bytes, 7, 0)).toBe(7);
      expect(bytes.toString()).toBe('content');
    } finally {
      closeSync(again.fd);
    }
  });
});
