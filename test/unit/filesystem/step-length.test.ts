import { describe, expect, it } from 'vitest';
import { FIRST_STEP_BYTES, nextStepBytes } from '../../../src/filesystem/step-length.ts';

const MIB = 1024 * 1024;

/** What a file system that moves so much a second is asked for, call after call. */
function stepsAt(bytesPerSec: number, count: number): number[] {
  const steps = [FIRST_STEP_BYTES];
  while (steps.length < count) {
    const last = steps.at(-1) ?? 0;
    steps.push(nextStepBytes(last, (1000 * last) / bytesPerSec, 'blocking'));
  }
  return steps.map((step) => step / MIB);
}

describe('a step of a copy within the kernel', () => {
  it('grows where it takes a moment, up to 256 MiB', () => {
    expect(stepsAt(4096 * MIB, 7)).toEqual([16, 32, 64, 128, 256, 256, 256]);
  });

  it('lasts about half a second at most where the file system is slower', () => {
    expect(stepsAt(200 * MIB, 6)).toEqual([16, 32, 64, 64, 64, 64]);
    expect(stepsAt(10 * MIB, 3)).toEqual([16, 16, 16]);
  });

  it('shrinks when a file system that was fast is no longer', () => {
    expect(nextStepBytes(256 * MIB, 2560, 'blocking')).toBe(128 * MIB);
    expect(nextStepBytes(FIRST_STEP_BYTES, 60_000, 'blocking')).toBe(FIRST_STEP_BYTES);
  });

  it('stays short where a server copies', () => {
    expect(nextStepBytes(FIRST_STEP_BYTES, 1, 'overlapping')).toBe(FIRST_STEP_BYTES);
  });
});
