/** XXH64, compiled from WebAssembly: not there at once, so whoever will need it asks before. */
import { createRequire } from 'node:module';
import type { XXHashAPI } from 'xxhash-wasm';

let loaded: XXHashAPI | undefined;

export async function loadXxhash(): Promise<void> {
  if (loaded !== undefined) return;
  const xxhash = createRequire(import.meta.url)('xxhash-wasm') as () => Promise<XXHashAPI>;
  loaded = await xxhash();
}

/** @throws Error where nobody has waited for `loadXxhash` */
export function xxhashApi(): XXHashAPI {
  if (loaded === undefined) throw new Error('xxhash is used before it was loaded');
  return loaded;
}
