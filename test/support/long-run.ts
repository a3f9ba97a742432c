/**
 * Suites that go round and round: EFS_SYNC_LONG_SECONDS says for how long each, EFS_SYNC_SEED repeats a
 * round that failed.
 */

const DEFAULT_SECONDS = 20;
/** Of the processes of one round, beyond the time that rounds go on beginning. */
const LAST_ROUND_MS = 240_000;

const LONG_SECONDS = Number(process.env['EFS_SYNC_LONG_SECONDS'] ?? DEFAULT_SECONDS);
const FIRST_SEED = Number(process.env['EFS_SYNC_SEED'] ?? Date.now() % 1_000_000_000);

/** Of a test that has `share` of its suite's time. */
export function longTimeout(share = 1): { timeout: number } {
  return { timeout: LONG_SECONDS * share * 1000 + LAST_ROUND_MS };
}

export interface Round {
  readonly seed: number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** Gives the number of rounds: at least one. A failure tells the seed of its round. */
export async function goRound(share: number, play: (round: Round) => Promise<void>): Promise<number> {
  const endMs = performance.now() + LONG_SECONDS * share * 1000;
  let rounds = 0;
  do {
    const seed: number = FIRST_SEED + rounds;
    try {
      await play({ seed, random: seededRandom(seed) });
    } catch (error) {
      if (error instanceof Error) error.message = `EFS_SYNC_SEED=${seed}: ${error.message}`;
      throw error;
    }
    rounds++;
  } while (performance.now() < endMs);
  return rounds;
}

/** Tells on the terminal how much was tried; the reporter hides what passing tests print otherwise. */
export function tell(what: string, counts: Readonly<Record<string, number>>): void {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  process.stderr.write(`${what}: ${parts.join(', ')}\n`);
}

export function addCounts(total: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
}

/** Mulberry32: small, and the same everywhere. Gives numbers from 0 to 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
