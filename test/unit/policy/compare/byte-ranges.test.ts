import { describe, expect, it } from 'vitest';
import { byteRanges, isSplit } from '../../../../src/policy/compare/byte-ranges.ts';

const MIB = 1024 * 1024;
const TIB = MIB * MIB;

describe('isSplit', () => {
  it.each([
    [0, false],
    [64 * MIB, false],
    [64 * MIB + 1, true],
  ])('of %d bytes is %s', (sizeBytes, expected) => {
    expect(isSplit(sizeBytes)).toBe(expected);
  });
});

describe('byteRanges', () => {
  const sizes = [1, 32 * MIB, 64 * MIB + 1, 96 * MIB - 1, 96 * MIB, TIB, 48 * TIB + 12345];
  const starts = [0, 1, 32 * MIB - 1, 32 * MIB, 70 * MIB];
  const cases = sizes.flatMap((size) => starts.filter((start) => start < size).map((start) => [size, start]));

  it.each(cases)('cover %d bytes from %d on, each once', (sizeBytes = 0, startBytes = 0) => {
    for (const isResumable of [false, true]) {
      const ranges = [...byteRanges(sizeBytes, { startBytes, isResumable })];
      expect(ranges.length).toBeLessThanOrEqual(1024);
      expect(ranges[0]?.offset).toBe(startBytes);
      expect(ranges.at(-1)?.end).toBe(sizeBytes);
      expect(ranges.every(({ offset, end }) => offset < end)).toBe(true);
      expect(ranges.slice(1).map(({ offset }) => offset)).toEqual(ranges.slice(0, -1).map(({ end }) => end));
    }
  });

  it.each([
    ['32 MiB', {}, [32, 64, 70]],
    ['what is left of the first 32 MiB, then as many', { startBytes: 31 * MIB }, [32, 64, 70]],
    ['8 MiB, if they may be resumed', { isResumable: true }, [8, 16, 24, 32, 40, 48, 56, 64, 70]],
  ])('have %s of a file of 70 MiB', (_, cut, endsMib) => {
    expect([...byteRanges(70 * MIB, cut)].map(({ end }) => end / MIB)).toEqual(endsMib);
  });

  it('begin at whole MiB, but for the first', () => {
    const offsets = [...byteRanges(TIB + 1, { startBytes: 3 })].slice(1).map(({ offset }) => offset % MIB);
    expect(new Set(offsets)).toEqual(new Set([0]));
  });

  it('are one if one worker copies it all, resumable or not', () => {
    const cut = { startBytes: 3, isOneRange: true };
    expect([...byteRanges(TIB, { ...cut, isResumable: true })]).toEqual([{ offset: 3, end: TIB }]);
    expect([...byteRanges(TIB, cut)]).toEqual([{ offset: 3, end: TIB }]);
    expect([...byteRanges(0, { isOneRange: true })]).toEqual([]);
  });

  it('are none for an empty or complete file', () => {
    expect([...byteRanges(0)]).toEqual([]);
    expect([...byteRanges(100 * MIB, { startBytes: 100 * MIB })]).toEqual([]);
  });
});
