import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordRefs, refsIn, shiftRefs, type RecordRef } from '../../../../src/engine/plan/record-refs.ts';

const anyRef: fc.Arbitrary<RecordRef> = fc.record({
  offset: fc.maxSafeNat(),
  lengthBytes: fc.nat(),
  weight: fc.maxSafeNat(),
});

function pack(refs: readonly RecordRef[]): RecordRefs {
  const packed = new RecordRefs();
  for (const ref of refs) packed.push(ref);
  return packed;
}

function all(refs: RecordRefs): RecordRef[] {
  return Array.from({ length: refs.count }, (_, index) => refs.at(index));
}

describe('RecordRefs', () => {
  it('keep what is pushed and appended, however much', () => {
    const lists = fc.array(fc.array(anyRef, { maxLength: 50 }), { maxLength: 6 });
    fc.assert(
      fc.property(lists, fc.array(anyRef, { maxLength: 50 }), (appended, pushed) => {
        const refs = pack(pushed);
        for (const list of appended) refs.append(pack(list).slice(0, list.length));
        refs.push({ offset: 2, lengthBytes: 3, weight: 4 });
        const expected = [...pushed, ...appended.flat(), { offset: 2, lengthBytes: 3, weight: 4 }];
        expect(all(refs)).toEqual(expected);
      }),
    );
  });

  it('cut as arrays do, and unpack in order', () => {
    fc.assert(
      fc.property(fc.array(anyRef, { maxLength: 40 }), fc.nat(45), fc.nat(45), (list, start, end) => {
        const packed = pack(list).slice(start, end);
        expect([...refsIn(packed)]).toEqual(list.slice(start, end));
      }),
    );
  });

  it('do so beyond the size of a chunk', () => {
    const list = Array.from({ length: 10_000 }, (_, offset) => ({
      offset,
      lengthBytes: 1,
      weight: 2,
    }));
    const refs = pack(list);
    refs.append(pack(list).slice(0, list.length));
    expect(all(refs)).toEqual([...list, ...list]);
    expect([...refsIn(refs.slice(4000, 12_300))]).toEqual([...list, ...list].slice(4000, 12_300));
    refs.clear();
    expect(refs.count).toBe(0);
  });

  it('shift as the records do, and nothing else of them', () => {
    const anyOffset = { maxLength: 40 };
    fc.assert(
      fc.property(fc.array(anyRef, anyOffset), fc.nat(2 ** 40), (list, bytesBefore) => {
        const shifted = list.map((ref) => ({ ...ref, offset: ref.offset + bytesBefore }));
        expect([...refsIn(shiftRefs(pack(list).slice(0, list.length), bytesBefore))]).toEqual(shifted);
      }),
    );
  });

  it('cut copies: what is pushed later does not show', () => {
    const refs = pack(fc.sample(anyRef, 3));
    const packed = refs.slice(0, 100);
    refs.push({ offset: 0, lengthBytes: 0, weight: 0 });
    expect([...refsIn(packed)]).toHaveLength(3);
  });
});
