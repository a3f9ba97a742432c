/**
 * Suites that run in rounds. EFS_SYNC_LONG_SECONDS says how long each goes on, EFS_SYNC_SEED repeats a failed
 * round.
 */
import { LONG_SECONDS, SEED, seededRandom } from './seed.ts';

/** Rounds of a whole suite without EFS_SYNC_LONG_SECONDS. */
const FIXED_ROUNDS = 8;
/** For the processes of a fixed number of rounds, or of the last round, on a busy machine. */
const LAST_ROUND_MS = 600_000;

/** The timeout of a test that takes `share` of its suite's time. */
export function longTimeout(share = 1): { timeout: number } {
  return { timeout: (LONG_SECONDS ?? 0) * share * 1000 + LAST_ROUND_MS };
}

export interface Round {
  readonly seed: number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** Gives the number of rounds: at least one. A failure reports the seed of its round. */
export async function goRound(share: number, play: (round: Round) => Promise<void>): Promise<number> {
  const endMs = performance.now() + (LONG_SECONDS ?? 0) * share * 1000;
  const mayGoOn = (played: number): boolean =>
    LONG_SECONDS === undefined ? played < FIXED_ROUNDS * share : performance.now() < endMs;
  let rounds = 0;
  do {
    const seed: number = SEED + rounds;
    try {
      await play({ seed, random: seededRandom(seed) });
    } catch (error) {
      if (error instanceof Error) error.message = `EFS_SYNC_SEED=${seed}: ${error.message}`;
      throw error;
    }
    rounds++;
  } while (mayGoOn(rounds));
  return rounds;
}

/** Prints to the terminal how much was tried; the reporter hides other output of passing tests. */
export function tell(what: string, counts: Readonly<Record<string, number>>): void {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  process.stderr.write(`${what}: ${parts.join(', ')}\n`);
}

export function addCounts(total: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
}
