import { describe, it, expect } from 'vitest';
import { zeroRuns } from '../../../../src/filesystem/copy/make-holes.ts';

const UNIT = 4096;

/** A block of units: `0` is all zeros, `x` ends in another byte. */
function block(units: string, sizeBytes = units.length * UNIT): Buffer {
  const bytes = Buffer.alloc(units.length * UNIT);
  for (let i = 0; i < units.length; i++) if (units[i] === 'x') bytes[(i + 1) * UNIT - 1] = 1;
  return bytes.subarray(0, sizeBytes);
}

function show(bytes: Buffer): string {
  const runs = Array.from(
    zeroRuns(bytes),
    ({ start, end, isZero }) => `${isZero ? '0' : 'x'} ${start / UNIT}-${end / UNIT}`,
  );
  return runs.join(', ');
}

describe('zeroRuns', () => {
  it.each([
    [block(''), ''],
    [block('0'), '0 0-1'],
    [block('x'), 'x 0-1'],
    [block('0x'), '0 0-1, x 1-2'],
    [block('xx000x'), 'x 0-2, 0 2-5, x 5-6'],
    [block('x00', 2.5 * UNIT), 'x 0-1, 0 1-2.5'],
    [block('00x', 2.5 * UNIT), '0 0-2.5'],
    [Buffer.from([0, 1, 0]), `x 0-${3 / UNIT}`],
  ])('%#', (bytes, expected) => {
    expect(show(bytes)).toBe(expected);
  });
});
