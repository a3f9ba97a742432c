/** What units have made comes back to units byte for byte, record by record. */
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BinaryReader, readersOf } from '../../../../src/engine/plan/binary.ts';
import {
  packableUpTo,
  PlanSpool,
  type PackedRecords,
  type Share,
} from '../../../../src/engine/plan/plan-spool.ts';
import { PLAN_PARTS, type PlanPart, type PlanRecords } from '../../../../src/engine/plan/plan-writer.ts';
import { RecordBytes } from '../../../../src/engine/plan/record-bytes.ts';
import { RecordRefs, refsIn } from '../../../../src/engine/plan/record-refs.ts';
import { createSpool, type Spool } from '../../../../src/filesystem/spool.ts';
import { ON_DISK } from '../../../support/open-files.ts';

const LENGTH_BYTES = 4;

let spool: Spool;

beforeEach(async () => {
  spool = await createSpool(ON_DISK);
});
afterEach(async () => spool.close());

interface Made {
  readonly part: PlanPart;
  readonly bytes: Buffer;
  readonly weight: number;
}

/** As `PlanWriter` does, of bytes that say nothing. */
function unitOf(made: readonly Made[]): PlanRecords {
  const bytes = new RecordBytes();
  const refs = PLAN_PARTS.map((part): [PlanPart, RecordRefs] => [part, new RecordRefs()]);
  const byPart = new Map(refs);
  for (const { part, bytes: record, weight } of made) {
    byPart.get(part)?.push({ offset: bytes.append(record), lengthBytes: record.length, weight });
  }
  const packed = refs.map(([part, all]) => [part, all.slice(0, all.count)]);
  return { chunks: bytes.take(), refs: Object.fromEntries(packed) as PlanRecords['refs'] };
}

function refsOf(packed: readonly Float64Array[]): RecordRefs {
  const refs = new RecordRefs();
  for (const each of packed) refs.append(each);
  return refs;
}

/** As latin1, which is compared quickly. */
function contentOf(reader: BinaryReader): string {
  const bytes: number[] = [];
  while (!reader.isAtEnd) bytes.push(reader.u8());
  return Buffer.from(bytes).toString('latin1');
}

/** Sections of these sizes, in one unit; the weight is the index. */
function keepSections(plan: PlanSpool, sizes: readonly number[]): { refs: RecordRefs; all: string[] } {
  const made = sizes.map((size, weight): Made => ({ part: 'sections', bytes: randomBytes(size), weight }));
  const all = made.map(({ bytes }) => bytes.toString('latin1'));
  return { refs: refsOf([plan.keep(unitOf(made)).sections]), all };
}

/** At most so many bytes of a share, and where that ends. */
function packUpTo(
  plan: PlanSpool,
  refs: RecordRefs,
  { mostBytes, ...share }: Share & { readonly mostBytes: number },
): PackedRecords & { readonly end: number } {
  const end = packableUpTo(refs, share, mostBytes);
  return { ...plan.pack(refs, { start: share.start, end }), end };
}

const anyMade: fc.Arbitrary<Made> = fc.record({
  part: fc.constantFrom(...PLAN_PARTS),
  bytes: fc.oneof(fc.nat(300), fc.nat(9000)).map((size) => randomBytes(size)),
  weight: fc.nat(2 ** 40),
});

it('keeps the records of several units, and reads and packs each of every part', async () => {
  const units = fc.array(fc.array(anyMade, { maxLength: 20 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(units, async (allMade) => {
      const own = await createSpool(ON_DISK);
      const plan = new PlanSpool(own);
      const kept = allMade.map((made) => plan.keep(unitOf(made)));
      for (const part of PLAN_PARTS) {
        const expected = allMade.flat().filter((made) => made.part === part);
        const refs = refsOf(kept.map((each) => each[part]));
        const found = [...refsIn(refs.slice(0, refs.count))];
        expect(found.map(({ weight }) => weight)).toEqual(expected.map(({ weight }) => weight));
        const contents = expected.map(({ bytes }) => bytes.toString('latin1'));
        expect(found.map((ref) => contentOf(plan.read(ref)))).toEqual(contents);
        const packed = packUpTo(plan, refs, { start: 0, end: refs.count, mostBytes: Infinity });
        expect(readersOf(packed.records).map(contentOf)).toEqual(contents);
        expect(packed.end).toBe(expected.length);
        expect(packed.weight).toBe(expected.reduce((sum, { weight }) => sum + weight, 0));
      }
      await own.close();
    }),
  );
});

describe('packing', () => {
  it('takes those from the start to before the end, and the sum of their weights', () => {
    const plan = new PlanSpool(spool);
    const { refs, all } = keepSections(plan, [10, 20, 30, 40, 50]);
    const packed = packUpTo(plan, refs, { start: 1, end: 4, mostBytes: Infinity });
    expect(packed).toMatchObject({ end: 4, weight: 1 + 2 + 3 });
    expect(readersOf(packed.records).map(contentOf)).toEqual(all.slice(1, 4));
  });

  it('gives none of none', () => {
    const plan = new PlanSpool(spool);
    const { refs } = keepSections(plan, [10]);
    const packed = packUpTo(plan, refs, { start: 1, end: 1, mostBytes: Infinity });
    expect(packed).toMatchObject({ end: 1, weight: 0 });
    expect(readersOf(packed.records)).toEqual([]);
  });

  it.each([
    ['all that fit exactly', 2 * (100 + LENGTH_BYTES), 2],
    ['one less where a byte is missing', 2 * (100 + LENGTH_BYTES) - 1, 1],
    ['one, however little is asked for', 1, 1],
  ])('takes %s', (_, mostBytes, count) => {
    const plan = new PlanSpool(spool);
    const { refs, all } = keepSections(plan, [100, 100, 100]);
    const packed = packUpTo(plan, refs, { start: 0, end: 3, mostBytes });
    expect(packed.end).toBe(count);
    expect(readersOf(packed.records).map(contentOf)).toEqual(all.slice(0, count));
  });

  it('gives every record once, in order, by shares of any limit', () => {
    const plan = new PlanSpool(spool);
    fc.assert(
      fc.property(
        fc.array(fc.nat(500), { maxLength: 30 }),
        fc.integer({ min: 1, max: 1500 }),
        (sizes, mostBytes) => {
          const { refs, all } = keepSections(plan, sizes);
          const shared: string[] = [];
          for (let start = 0; start < refs.count;) {
            const packed = packUpTo(plan, refs, { start, end: refs.count, mostBytes });
            expect(packed.end).toBeGreaterThan(start);
            const readers = readersOf(structuredClone(packed.records));
            expect(readers).toHaveLength(packed.end - start);
            if (readers.length > 1) expect(packed.records.length).toBeLessThanOrEqual(mostBytes);
            const next = sizes[packed.end];
            if (next !== undefined) {
              expect(packed.records.length + LENGTH_BYTES + next).toBeGreaterThan(mostBytes);
            }
            shared.push(...readers.map(contentOf));
            start = packed.end;
          }
          expect(shared).toEqual(all);
        },
      ),
    );
  });

  it('stays as it is while the spool is read on', () => {
    const plan = new PlanSpool(spool);
    const { refs, all } = keepSections(plan, [100, 100]);
    const first = packUpTo(plan, refs, { start: 0, end: 1, mostBytes: Infinity });
    packUpTo(plan, refs, { start: 1, end: 2, mostBytes: Infinity });
    keepSections(plan, [300_000]);
    expect(readersOf(first.records).map(contentOf)).toEqual(all.slice(0, 1));
  });
});

it('reads packed records that lie anywhere in their memory', () => {
  const plan = new PlanSpool(spool);
  const { refs, all } = keepSections(plan, [7, 0, 9]);
  const { records } = packUpTo(plan, refs, { start: 0, end: 3, mostBytes: Infinity });
  const moved = new Uint8Array(records.length + 10);
  moved.set(records, 3);
  expect(readersOf(moved.subarray(3, 3 + records.length)).map(contentOf)).toEqual(all);
});
