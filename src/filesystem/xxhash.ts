/** XXH64, compiled from WebAssembly: not there at once, so whoever will need it asks before. */
import xxhash, { type XXHashAPI } from 'xxhash-wasm';

let loaded: XXHashAPI | undefined;

export async function loadXxhash(): Promise<void> {
  loaded ??= await xxhash();
}

/** @throws Error where nobody has waited for `loadXxhash` */
export function xxhashApi(): XXHashAPI {
  if (loaded === undefined) throw new Error('xxhash is used before it was loaded');
  return loaded;
}
