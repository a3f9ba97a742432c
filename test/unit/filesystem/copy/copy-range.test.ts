/** Steps of a copy within the kernel: they grow where it is quick, and stay short where a server copies. */
import { describe, it, expect } from 'vitest';
import { FIRST_STEP_BYTES, nextStepBytes } from '../../../../src/filesystem/copy/copy-range.ts';

const MIB = 1024 * 1024;

/** The sizes of successive steps on a file system with this throughput. */
function stepsAt(bytesPerSec: number, count: number): number[] {
  const steps = [FIRST_STEP_BYTES];
  while (steps.length < count) {
    const last = steps.at(-1) ?? 0;
    steps.push(nextStepBytes(last, (1000 * last) / bytesPerSec, 'blocking'));
  }
  return steps.map((step) => step / MIB);
}

describe('a step of a copy within the kernel', () => {
  it('grows up to 256 MiB if steps are fast', () => {
    expect(stepsAt(4096 * MIB, 7)).toEqual([16, 32, 64, 128, 256, 256, 256]);
  });

  it('lasts about half a second at most on a slower file system', () => {
    expect(stepsAt(200 * MIB, 6)).toEqual([16, 32, 64, 64, 64, 64]);
    expect(stepsAt(10 * MIB, 3)).toEqual([16, 16, 16]);
  });

  it('shrinks when a fast file system becomes slow', () => {
    expect(nextStepBytes(256 * MIB, 2560, 'blocking')).toBe(128 * MIB);
    expect(nextStepBytes(FIRST_STEP_BYTES, 60_000, 'blocking')).toBe(FIRST_STEP_BYTES);
  });

  it('stays short if a server copies', () => {
    expect(nextStepBytes(FIRST_STEP_BYTES, 1, 'overlapping')).toBe(FIRST_STEP_BYTES);
  });
});
