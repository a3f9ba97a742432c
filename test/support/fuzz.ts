/**
 * Random input, for as long as there is time where EFS_SYNC_LONG_SECONDS says how long all of test/fuzz takes together.
 * A failure tells its seed and the smallest input that fails; EFS_SYNC_SEED repeats it.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { LONG_SECONDS, SEED } from './seed.ts';

/** Where no time is given. */
const FIXED_ROUNDS = 3;

/** What vitest must allow: to find the smallest input that fails takes longer than to find one. */
export const FUZZ_TIMEOUT_MS = 300_000 + (LONG_SECONDS ?? 0) * 2000;

export interface Fuzz<Input> {
  readonly input: fc.Arbitrary<Input>;
  /** Of the whole time: all shares are 1. */
  readonly share: number;
  /** Tried at least, and then as many again while there is time. */
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
    await fc.assert(property, { seed: SEED + rounds, numRuns: atOnce });
    rounds++;
  } while (mayGoOn(rounds));
  console.info(`fuzz: ${name}: ${rounds * atOnce} inputs, EFS_SYNC_SEED=${SEED}`);
}

/** Any bytes, as a latin1 string. */
export function anyBytes(longest: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength: longest }).map((bytes) => Buffer.from(bytes).toString('latin1'));
}

/** As `anyBytes`, of what the arguments of a process can hold. */
export function anyArgument(longest: number): fc.Arbitrary<string> {
  return anyBytes(longest).map((text) => text.replaceAll('\0', '\u00ff'));
}

/** One clear line, in which nothing moves a terminal and no byte is lost; a tab may be. */
export function expectRefusal(error: unknown): void {
  expect(error).toBeInstanceOf(UsageError);
  const { message } = error as Error;
  expect(message.replaceAll('\t', ' ')).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029\ufffd]{5,}$/u);
}
