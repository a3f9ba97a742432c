/** Keeps the plan's records on the disk: takes those that units have made, and packs those that units get. */
import { BytePool } from '../../flow/byte-pool.ts';
import type { Spool } from '../../filesystem/spool.ts';
import { BinaryReader, LENGTH_BYTES } from './binary.ts';
import { PLAN_PARTS, type PlanPart, type PlanRecords, type PlanRefs } from './plan-writer.ts';
import { type RecordRef, type RecordRefs, shiftRefs } from './record-refs.ts';

/** Plain data. */
export interface PackedRecords {
  /** Each with its length in front. */
  readonly records: Uint8Array;
  /** The sum of their weights. */
  readonly weight: number;
}

/** Of nearly one size, so that each serves many units. */
const SMALLEST_PACK_BYTES = 64 * 1024;

export class PlanSpool {
  readonly #spool: Spool;
  readonly #pool = new BytePool();

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** Gives the refs of the records in here. */
  keep({ chunks, refs }: PlanRecords): PlanRefs {
    const startBytes = this.#spool.lengthBytes;
    for (const chunk of chunks) this.#spool.take(chunk);
    const shifted = (part: PlanPart) => [part, shiftRefs(refs[part], startBytes)];
    return Object.fromEntries(PLAN_PARTS.map(shifted)) as PlanRefs;
  }

  /** Valid until the next call. */
  read({ offset, lengthBytes }: RecordRef): BinaryReader {
    return new BinaryReader(this.#spool.read(offset, lengthBytes));
  }

  /** The caller releases the records. */
  pack(refs: RecordRefs, { start, end }: Share): PackedRecords {
    let [lengthBytes, weight] = [0, 0];
    for (let index = start; index < end; index++) {
      lengthBytes += packedBytes(refs.at(index));
      weight += refs.at(index).weight;
    }
    const { buffer, byteOffset } = this.#pool.take(Math.max(SMALLEST_PACK_BYTES, lengthBytes));
    const records = Buffer.from(buffer, byteOffset, lengthBytes);
    for (let index = start, at = 0; index < end; index++) {
      const ref = refs.at(index);
      const from = records.writeUInt32LE(ref.lengthBytes, at);
      at = from + ref.lengthBytes;
      this.#spool.readInto(records.subarray(from, at), ref.offset);
    }
    return { records, weight };
  }
}

/** Indexes of refs: from `start`, and up to `end`. */
export interface Share {
  readonly start: number;
  readonly end: number;
}

/** Where a share ends that is to take at most so many bytes; it has one record at least. */
export function packableUpTo(refs: RecordRefs, { start, end }: Share, mostBytes: number): number {
  let lengthBytes = packedBytes(refs.at(start));
  let next = start + 1;
  for (; next < end; next++) {
    lengthBytes += packedBytes(refs.at(next));
    if (lengthBytes > mostBytes) break;
  }
  return Math.min(next, end);
}

function packedBytes({ lengthBytes }: RecordRef): number {
  return LENGTH_BYTES + lengthBytes;
}
