/** SHA-256 as Node has it. PERF: node:crypto takes 2 ms to load, which a run without digests need not wait for. */
import { createRequire } from 'node:module';

let loaded: typeof import('node:crypto') | undefined;

export function createSha256(): import('node:crypto').Hash {
  loaded ??= createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
  return loaded.createHash('sha256');
}
