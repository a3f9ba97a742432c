/** The replacement of the WebAssembly gives the same digests. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import xxhash from 'xxhash-wasm';
import { PlainXxh64 } from '../../../../src/filesystem/compare/plain-xxh64.ts';
import { SEED } from '../../../support/seed.ts';

test.each<[string, bigint]>([
  ['', 0xef46db3751d8e999n],
  ['a', 0xd24ec4f1a98c6e5bn],
  ['abc', 0x44bc2cf5ad770999n],
])('%j, as in the reference', (text, digest) => {
  expect(new PlainXxh64().update(Buffer.from(text)).digest()).toBe(digest);
});

test('any bytes, in any pieces', async () => {
  const wasm = await xxhash();
  const pieces = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 });
  const property = fc.property(pieces, (parts) => {
    const hasher = new PlainXxh64();
    for (const part of parts) hasher.update(part);
    expect(hasher.digest()).toBe(wasm.h64Raw(Buffer.concat(parts)));
  });
  fc.assert(property, { seed: SEED, numRuns: 2000 });
});

test('lengths around stripes, of bytes with every bit set', async () => {
  const wasm = await xxhash();
  for (let length = 0; length < 200; length++) {
    const bytes = new Uint8Array(length).fill(0xff);
    expect(new PlainXxh64().update(bytes).digest()).toBe(wasm.h64Raw(bytes));
  }
});
