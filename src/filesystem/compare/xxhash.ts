/**
 * XXH64, compiled from WebAssembly. It loads asynchronously, so load it before its first use. @waits for that
 */
import { createRequire } from 'node:module';
import type { XXHashAPI } from 'xxhash-wasm';
import { PlainXxh64 } from './plain-xxh64.ts';

export interface Xxh64Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): bigint;
}

export interface Xxh64 {
  create64(): Xxh64Hasher;
  h64Raw(bytes: Uint8Array): bigint;
}

let loaded: Xxh64 | undefined;

export async function loadXxhash(): Promise<void> {
  if (loaded !== undefined) return;
  const xxhash = createRequire(import.meta.url)('xxhash-wasm') as () => Promise<XXHashAPI>;
  try {
    loaded = await xxhash();
  } catch (error) {
    // V8's error when a limit such as `ulimit -v` leaves no room for its memory.
    if (!(error instanceof RangeError)) throw error;
    loaded = PLAIN;
  }
}

const PLAIN: Xxh64 = {
  create64: () => new PlainXxh64(),
  h64Raw: (bytes) => new PlainXxh64().update(bytes).digest(),
};

/** @throws Error if nobody has awaited `loadXxhash` */
export function xxhashApi(): Xxh64 {
  if (loaded === undefined) throw new Error('xxhash is used before it was loaded');
  return loaded;
}
