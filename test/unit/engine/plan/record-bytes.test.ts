/** Bytes come back in order, whatever their sizes, in memory that a message can take along. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BytePool, release } from '../../../../src/flow/byte-pool.ts';
import { RecordBytes } from '../../../../src/engine/plan/record-bytes.ts';

/** Of a chunk, or about. */
const SMALLEST = 64 * 1024;
const LARGEST = 256 * 1024;

/** Sizes that fill chunks exactly, that miss it by one, and any between. */
const size = fc.oneof(
  fc.nat(100),
  fc.constantFrom(0, 1, SMALLEST - 1, SMALLEST, SMALLEST + 1, 2 * SMALLEST, LARGEST, LARGEST + 1),
  fc.nat(2 * LARGEST),
);

function fill(bytes: RecordBytes, sizes: readonly number[]): Buffer {
  const appended: Buffer[] = [];
  let expectedOffset = bytes.lengthBytes;
  for (const each of sizes) {
    const record = randomBytes(each);
    expect(bytes.append(record)).toBe(expectedOffset);
    expectedOffset += each;
    expect(bytes.lengthBytes).toBe(expectedOffset);
    appended.push(record);
  }
  return Buffer.concat(appended);
}

it('gives what was appended, of any sizes, and each of it once', () => {
  const lists = fc.array(fc.array(size, { maxLength: 12 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(lists, (units) => {
      const bytes = new RecordBytes();
      for (const sizes of units) {
        const content = fill(bytes, sizes);
        expect(Buffer.concat(bytes.take()).equals(content)).toBe(true);
        expect(bytes.lengthBytes).toBe(0);
        expect(bytes.take()).toEqual([]);
      }
    }),
  );
});

it.each([SMALLEST, 3 * SMALLEST])('has no empty chunk where %i bytes end as a chunk does', (length) => {
  const bytes = new RecordBytes();
  const content = fill(bytes, [length - 1, 1]);
  const chunks = bytes.take();
  expect(chunks.map((chunk) => chunk.length).filter((each) => each === 0)).toEqual([]);
  expect(Buffer.concat(chunks).equals(content)).toBe(true);
});

it('keeps the bytes as they were when they were appended', () => {
  const bytes = new RecordBytes();
  const reused = Buffer.from('one');
  bytes.append(reused);
  reused.write('two');
  bytes.append(reused);
  expect(Buffer.concat(bytes.take()).toString()).toBe('onetwo');
});

describe('chunks', () => {
  it.each([10, SMALLEST, SMALLEST + 1, 5 * LARGEST])(
    'stay as they are until they are released: %i bytes',
    (length) => {
      const bytes = new RecordBytes();
      const content = fill(bytes, [length]);
      const chunks = bytes.take();
      expect(new Set(chunks.map(({ buffer }) => buffer)).size).toBe(chunks.length);
      const received = structuredClone(chunks);
      fill(bytes, [length, 10]);
      bytes.take();
      expect(Buffer.concat(received).equals(content)).toBe(true);
    },
  );

  it('that were released are written to again: units one after the other take no more memory', () => {
    const bytes = new RecordBytes();
    const buffers = new Set<ArrayBufferLike>();
    for (let unit = 0; unit < 10; unit++) {
      const content = fill(bytes, [10, SMALLEST]);
      const chunks = bytes.take();
      expect(Buffer.concat(chunks).equals(content)).toBe(true);
      for (const chunk of chunks) {
        buffers.add(chunk.buffer);
        release(chunk);
      }
    }
    expect(buffers.size).toBe(2);
  });

  it('of two that gather at the same time are apart', () => {
    const pool = new BytePool();
    const [one, other] = [new RecordBytes(pool), new RecordBytes(pool)];
    const contents = [fill(one, [100]), fill(other, [200]), fill(one, [300])];
    expect(
      Buffer.concat(one.take()).equals(Buffer.concat([contents[0] as Buffer, contents[2] as Buffer])),
    ).toBe(true);
    expect(Buffer.concat(other.take()).equals(contents[1] as Buffer)).toBe(true);
  });
});
