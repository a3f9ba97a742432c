/**
 * Random input. EFS_SYNC_LONG_SECONDS says how long to go on. A failure reports its seed and the smallest
 * failing input; EFS_SYNC_SEED repeats it.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { UsageError } from '../../src/model/run/errors.ts';
import { LONG_SECONDS, SEED } from './seed.ts';

/** Rounds without EFS_SYNC_LONG_SECONDS. */
const FIXED_ROUNDS = 3;

/** Most time to search for the smallest failing input, which takes longer than finding one. */
const SHRINK_MS = 240_000;

/** The timeout to give to vitest. */
export const FUZZ_TIMEOUT_MS = 2 * SHRINK_MS + (LONG_SECONDS ?? 0) * 6000;

export interface Fuzz<Input> {
  readonly input: fc.Arbitrary<Input>;
  /** Share of EFS_SYNC_LONG_SECONDS. */
  readonly share: number;
  /** Inputs to try at least, and again while there is time. */
  readonly atOnce: number;
}

/** Prints how many inputs were tried. */
export async function fuzz<Input>(
  name: string,
  { input, share, atOnce }: Fuzz<Input>,
  check: (input: Input) => Promise<void> | void,
): Promise<void> {
  const endMs = performance.now() + (LONG_SECONDS ?? 0) * share * 1000;
  const mayGoOn = (tried: number): boolean =>
    LONG_SECONDS === undefined ? tried < FIXED_ROUNDS : performance.now() < endMs;
  let rounds = 0;
  do {
    const property = fc.asyncProperty(input, async (value) => check(value));
    await fc.assert(property, {
      seed: SEED + rounds,
      numRuns: atOnce,
      // Then reports the smallest input so far.
      interruptAfterTimeLimit: SHRINK_MS,
    });
    rounds++;
  } while (mayGoOn(rounds));
  console.info(`fuzz: ${name}: ${rounds * atOnce} inputs, EFS_SYNC_SEED=${SEED}`);
}

/** Any bytes, as a latin1 string. */
export function anyBytes(longest: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength: longest }).map((bytes) => Buffer.from(bytes).toString('latin1'));
}

/** As `anyBytes`, but only bytes that a process's arguments can hold. */
export function anyArgument(longest: number): fc.Arbitrary<string> {
  return anyBytes(longest).map((text) => text.replaceAll('\0', '\u00ff'));
}

/** One clear line, without lost bytes and without characters that act on a terminal; a tab is allowed. */
export function expectRefusal(error: unknown): void {
  expect(error).toBeInstanceOf(UsageError);
  const { message } = error as Error;
  expect(message.replaceAll('\t', ' ')).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029\ufffd]{5,}$/u);
}
