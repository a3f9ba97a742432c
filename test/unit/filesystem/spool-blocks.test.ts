import { randomBytes } from 'node:crypto';
import { closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FatalError } from '../../../src/errors.ts';
import { SpoolBlocks } from '../../../src/filesystem/spool-blocks.ts';
import { createSpool, SpoolWriter } from '../../../src/filesystem/spool.ts';

/** More blocks than are held, of two spools that want the same places. */
const SPOOL_BYTES = 1_500_000;

it('gives the bytes of any record, near or far, across blocks or larger than one', async () => {
  const contents = [randomBytes(SPOOL_BYTES), randomBytes(SPOOL_BYTES)];
  const fds = [await createSpool(tmpdir()), await createSpool(tmpdir())];
  for (const [index, fd] of fds.entries()) {
    const writer = new SpoolWriter(fd);
    writer.append(contents[index] as Buffer);
    writer.flush();
  }
  const blocks = new SpoolBlocks();
  const record = fc.tuple(fc.nat(1), fc.nat(SPOOL_BYTES - 20_000), fc.nat(20_000));
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 50 }), (records) => {
      for (const [spool, offset, length] of records) {
        const expected = (contents[spool] as Buffer).subarray(offset, offset + length);
        expect(blocks.read(fds[spool] as number, offset, length).equals(expected)).toBe(true);
      }
    }),
  );
  expect(() => blocks.read(fds[0] as number, SPOOL_BYTES - 10, 11)).toThrow(FatalError);
  expect(() => blocks.read(fds[0] as number, 10 * SPOOL_BYTES, 1)).toThrow(FatalError);
  for (const fd of fds) closeSync(fd);
});
