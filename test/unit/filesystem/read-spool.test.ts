/** Records are read from the buffer or from the disk, a block at a time, while more are appended. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FatalError } from '../../../src/model/run/errors.ts';
import { createSpool, type Spool } from '../../../src/filesystem/spool.ts';
import { ON_DISK } from '../../support/open-files.ts';

/** More blocks than are held, so that some want the same place. */
const SPOOL_BYTES = 1_500_000;
const BLOCK_BYTES = 8 * 1024;
const WRITE_BYTES = 256 * 1024;

let spool: Spool;

beforeEach(async () => {
  spool = await createSpool(ON_DISK);
});
afterEach(async () => spool.close());

it('gives the bytes of any record, near or far, across blocks or larger than one', async () => {
  const other = await createSpool(ON_DISK);
  const spools = [spool, other];
  const contents = spools.map(() => randomBytes(SPOOL_BYTES));
  for (const [index, each] of spools.entries()) each.append(contents[index] as Buffer);
  const record = fc.tuple(fc.nat(1), fc.nat(SPOOL_BYTES - 20_000), fc.nat(20_000));
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 50 }), (records) => {
      for (const [index, offset, length] of records) {
        const expected = (contents[index] as Buffer).subarray(offset, offset + length);
        expect(spools[index]?.read(offset, length).equals(expected)).toBe(true);
      }
    }),
  );
  expect(() => spool.read(SPOOL_BYTES - 10, 11)).toThrow(FatalError);
  expect(() => spool.read(10 * SPOOL_BYTES, 1)).toThrow(FatalError);
  await other.close();
});

it('gives neighbours that end or begin where a block does', () => {
  const content = randomBytes(SPOOL_BYTES);
  spool.append(content);
  for (let edge = BLOCK_BYTES; edge < SPOOL_BYTES - BLOCK_BYTES; edge += BLOCK_BYTES) {
    for (const [start, end] of [
      [edge - 3, edge],
      [edge, edge + 3],
      [edge - 3, edge + 3],
    ] as const) {
      expect(spool.read(start, end - start).equals(content.subarray(start, end))).toBe(true);
    }
  }
  expect(spool.read(BLOCK_BYTES, BLOCK_BYTES).equals(content.subarray(BLOCK_BYTES, 2 * BLOCK_BYTES))).toBe(
    true,
  );
});

it('gives what came after its last block was read', () => {
  const [first, second] = [randomBytes(WRITE_BYTES + 100), randomBytes(WRITE_BYTES + 100)];
  spool.append(first);
  expect(spool.read(first.length - 10, 10).equals(first.subarray(-10))).toBe(true);
  spool.append(second);
  const whole = Buffer.concat([first, second]);
  for (const offset of [first.length - 10, first.length, first.length + 10]) {
    expect(spool.read(offset, 50).equals(whole.subarray(offset, offset + 50))).toBe(true);
  }
});

/** Sizes that meet the edges of blocks and of what is written at once. */
const size = fc.oneof(
  fc.nat(300),
  fc.constantFrom(BLOCK_BYTES - 1, BLOCK_BYTES, WRITE_BYTES - 1, WRITE_BYTES, WRITE_BYTES + 1),
  fc.nat(2 * WRITE_BYTES),
);
const step = fc.oneof(
  fc.record({ append: size }),
  fc.record({ from: fc.double({ min: 0, max: 1, noNaN: true }), length: size }),
);

it('gives what was appended, whatever was appended and read before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const mixed = await createSpool(ON_DISK);
      let content = Buffer.alloc(0);
      for (const each of steps) {
        if ('append' in each) {
          const bytes = randomBytes(each.append);
          expect(mixed.append(bytes)).toBe(content.length);
          content = Buffer.concat([content, bytes]);
          expect(mixed.lengthBytes).toBe(content.length);
        } else {
          const offset = Math.floor(each.from * content.length);
          const expected = content.subarray(offset, offset + each.length);
          expect(mixed.read(offset, expected.length).equals(expected)).toBe(true);
        }
      }
      await mixed.close();
    }),
  );
});
