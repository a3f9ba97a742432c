/**
 * The seed of random tests. `npm test` uses the same one each time. `npm run test:long`, which sets
 * EFS_SYNC_LONG_SECONDS, picks a new one, and EFS_SYNC_SEED repeats a failed one.
 */
const SECONDS = process.env['EFS_SYNC_LONG_SECONDS'];

/** How long each suite runs; undefined: a fixed number of rounds. */
export const LONG_SECONDS = SECONDS === undefined ? undefined : Number(SECONDS);

const FIXED_SEED = 20_260_101;
const FIRST = LONG_SECONDS === undefined ? FIXED_SEED : Date.now() % 1_000_000_000;

export const SEED = Number(process.env['EFS_SYNC_SEED'] ?? FIRST);

/** Mulberry32: small, and the same everywhere. Gives numbers from 0 up to, but not including, 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
