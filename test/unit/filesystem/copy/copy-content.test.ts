import {
  closeSync,
  ftruncateSync,
  openSync,
  truncateSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import { copyContent, type CopyRequest } from '../../../../src/filesystem/copy/copy-content.ts';
import type { CopyPace } from '../../../../src/filesystem/copy/copy-range.ts';
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
const GIB = 1024 * MIB;

let source: Scratch;
let destination: Scratch;
/** The result of the last copy. */
let inOrder: boolean;

/** Copies file `a` to file `b` with each side's call style. */
async function copy(styles: readonly [TestedPath, TestedPath], request: Partial<CopyRequest> = {}) {
  const { size, blocks } = statSync(source.path('a'));
  let reported = 0;
  const onBytes = (count: number) => void (reported += count);
  const { writtenBytes, growsInOrder } = await copyContent(
    source.open('a', styles[0]),
    destination.open('b', styles[1]),
    {
      sizeBytes: size,
      blocks,
      inPlace: false,
      onBytes,
      ...request,
    },
  );
  if (request.onBytes === undefined) expect(reported).toBe(writtenBytes);
  inOrder = growsInOrder;
  return writtenBytes;
}

function expectSameContent(): void {
  run('cmp', source.path('a'), destination.path('b'));
}

/** Checks that no byte is written before it is admitted. */
class NotedPace implements CopyPace {
  admittedBytes = 0;
  asked = 0;
  stepBytes: number;

  constructor(stepBytes: number) {
    this.stepBytes = stepBytes;
  }

  admit(count: number): void {
    expect(count).toBeLessThanOrEqual(this.stepBytes);
    expect(statSync(destination.path('b')).size).toBeLessThanOrEqual(this.admittedBytes);
    this.admittedBytes += count;
    this.asked++;
  }

  takeBack(count: number): void {
    this.admittedBytes -= count;
  }
}

/** Writes data at some offsets, and holes elsewhere. */
function writeSparse(path: string, sizeBytes: number, offsets: readonly number[]): void {
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
  const fd = openSync(path, 'r+');
  for (const offset of offsets) writeSync(fd, 'data'.repeat(1024), offset);
  closeSync(fd);
}

const cases = [
  ['one disk file system', ON_DISK, ON_DISK, 'blocking', 'blocking'],
  ['one memory file system', IN_MEMORY, IN_MEMORY, 'blocking', 'blocking'],
  ['one memory file system', IN_MEMORY, IN_MEMORY, 'pooled', 'pooled'],
  ['two file systems', IN_MEMORY, ON_DISK, 'blocking', 'blocking'],
  ['two file systems', ON_DISK, IN_MEMORY, 'pooled', 'blocking'],
  ['one file system', ON_DISK, ON_DISK, 'ring', 'ring'],
] as const;

describe.each(cases)('copyContent within %s', (_, sourceDirectory, destinationDirectory, ...pair) => {
  beforeEach(() => {
    source = makeScratch(sourceDirectory);
    destination = makeScratch(destinationDirectory);
  });
  afterEach(() => {
    source.remove();
    destination.remove();
  });

  const sizes = [0, 1, 4 * KIB, 128 * KIB, 128 * KIB + 1, MIB, 5 * MIB + 13, 20 * MIB];
  it.each(sizes)('copies %d bytes', async (sizeBytes) => {
    writeFileSync(source.path('a'), randomBytes(sizeBytes));
    expect(await copy(pair)).toBe(sizeBytes);
    expectSameContent();
  });

  it.each([0, 1, 128 * KIB, MIB, 5 * MIB + 13])('asks before each step of %d bytes', async (sizeBytes) => {
    writeFileSync(source.path('a'), randomBytes(sizeBytes));
    const pace = new NotedPace(128 * KIB);
    await copy(pair, { pace });
    expect(pace.admittedBytes).toBe(sizeBytes);
    expectSameContent();
  });

  it('follows a step size that changes meanwhile', async () => {
    writeFileSync(source.path('a'), randomBytes(5 * MIB));
    const pace = new NotedPace(MIB);
    await copy(pair, { pace, onBytes: () => void (pace.stepBytes = 4 * KIB) });
    // Four blocks may be in flight when the first is counted.
    expect(pace.asked).toBeGreaterThan(MIB / (4 * KIB));
  });

  it('replaces longer content in place', async () => {
    writeFileSync(source.path('a'), randomBytes(3 * MIB + 1));
    writeFileSync(destination.path('b'), randomBytes(9 * MIB));
    await copy(pair, { inPlace: true });
    expectSameContent();
  });

  it('empties a file in place', async () => {
    writeFileSync(source.path('a'), '');
    writeFileSync(destination.path('b'), 'old');
    expect(await copy(pair, { inPlace: true })).toBe(0);
    expectSameContent();
  });

  it('copies only the data of a file of 1 TiB with holes before, between and after', async () => {
    writeSparse(source.path('a'), 1024 * GIB, [GIB, GIB + MIB, 700 * GIB]);
    expect(await copy(pair)).toBeLessThan(MIB);
    const copied = statSync(destination.path('b'));
    expect(copied.size).toBe(1024 * GIB);
    expect(copied.blocks * 512).toBeLessThan(MIB);
    const script = `import sys, os
a, b = (os.open(p, os.O_RDONLY) for p in sys.argv[1:])
for o in (0, 1 << 30, (1 << 30) + (1 << 20), 700 << 30, (1 << 40) - 8192):
    assert os.pread(a, 8192, o) == os.pread(b, 8192, o), o`;
    runPython(script, source.path('a'), destination.path('b'));
  });

  it('turns old data into holes in place', async () => {
    writeSparse(source.path('a'), 4 * MIB, [MIB, 2 * MIB]);
    writeFileSync(destination.path('b'), randomBytes(5 * MIB));
    await copy(pair, { inPlace: true });
    expectSameContent();
    expect(statSync(destination.path('b')).blocks).toBe(statSync(source.path('a')).blocks);
  });

  it('copies a file that is one hole', async () => {
    writeSparse(source.path('a'), 100 * KIB, []);
    expect(await copy(pair)).toBe(0);
    expectSameContent();
    expect(statSync(destination.path('b')).blocks).toBe(0);
  });

  it.each([true, false])('skips zeros if no call finds the holes (in place: %s)', async (inPlace) => {
    const zeros = Buffer.alloc(MIB);
    const parts = [zeros, randomBytes(300 * KIB), zeros, Buffer.from([1]), zeros, zeros];
    writeFileSync(source.path('a'), Buffer.concat(parts));
    if (inPlace) writeFileSync(destination.path('b'), randomBytes(9 * MIB));
    // NFS: a 4.1 client shows a sparse file like this, with few blocks but with SEEK_DATA reporting data
    // everywhere.
    expect(await copy(pair, { inPlace, blocks: 610 })).toBe(304 * KIB);
    expectSameContent();
    expect(statSync(destination.path('b')).blocks).toBeLessThanOrEqual(640);
  });

  it('reports whether a file reaches its size only with its content', async () => {
    const overlaps = pair.some((style) => style !== 'blocking');
    writeFileSync(source.path('a'), randomBytes(20 * MIB));
    await copy(pair);
    expect(inOrder).toBe(!overlaps || sourceDirectory === destinationDirectory);
    await copy(pair, { startBytes: MIB });
    expect(inOrder).toBe(false);
    await copy(pair, { inPlace: true });
    expect(inOrder).toBe(false);
    writeFileSync(source.path('a'), randomBytes(10));
    await copy(pair);
    expect(inOrder).toBe(true);
  });

  it.each([
    { where: 'in front', offset: MIB - 4 * KIB, isInOrder: true },
    { where: 'behind', offset: 0, isInOrder: false },
  ])(
    'reports whether a hole $where of it lets the size run ahead: $isInOrder',
    async ({ offset, isInOrder }) => {
      writeSparse(source.path('a'), MIB, [offset]);
      await copy(pair);
      expect(inOrder).toBe(isInOrder);
    },
  );

  it('stops at the end of a source that shrank', async () => {
    for (const sizeBytes of [10 * KIB, 20 * MIB]) {
      writeFileSync(source.path('a'), randomBytes(sizeBytes));
      await copy(pair, { sizeBytes: 2 * sizeBytes, blocks: 8 * sizeBytes, inPlace: true });
      expectSameContent();
    }
  });

  it('stops at the recorded size of a source that grew', async () => {
    writeFileSync(source.path('a'), randomBytes(20 * MIB));
    await copy(pair, { sizeBytes: 10 * MIB });
    expect(statSync(destination.path('b')).size).toBe(10 * MIB);
    run('cmp', '-n', String(10 * MIB), source.path('a'), destination.path('b'));
  });

  it('does not extend beyond the end of a sparse source that shrank', async () => {
    writeSparse(source.path('a'), 8 * MIB, [MIB]);
    const { blocks } = statSync(source.path('a'));
    const file = source.open('a');
    ftruncateSync(file.fd, 4 * MIB);
    await copy(pair, { sizeBytes: 8 * MIB, blocks });
    expectSameContent();
  });
});
