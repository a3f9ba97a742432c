/** Records as bytes: writes numbers and latin1 text into one growing buffer, and reads them back. Little-endian. */
import type { Spool } from '../../filesystem/spool.ts';

export class BinaryWriter {
  #buffer = Buffer.allocUnsafe(2 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Everything written so far; valid until the next write. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Overwrites a number that was written before. */
  setU32(offset: number, value: number): void {
    this.#buffer.writeUInt32LE(value, offset);
  }

  u8(value: number): void {
    const offset = this.#reserve(1);
    this.#buffer.writeUInt8(value, offset);
  }
  u16(value: number): void {
    const offset = this.#reserve(2);
    this.#buffer.writeUInt16LE(value, offset);
  }
  u32(value: number): void {
    const offset = this.#reserve(4);
    this.#buffer.writeUInt32LE(value, offset);
  }
  f64(value: number): void {
    const offset = this.#reserve(8);
    this.#buffer.writeDoubleLE(value, offset);
  }
  u64(value: bigint): void {
    const offset = this.#reserve(8);
    this.#buffer.writeBigUInt64LE(value, offset);
  }
  text(value: string): void {
    this.u32(value.length);
    const offset = this.#reserve(value.length);
    this.#buffer.write(value, offset, 'latin1');
  }

  bytesOf(other: BinaryWriter): void {
    const offset = this.#reserve(other.length);
    other.bytes().copy(this.#buffer, offset);
  }

  /** Call it before using the buffer, which it may replace. */
  #reserve(count: number): number {
    const offset = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length));
      this.#buffer.copy(larger, 0, 0, offset);
      this.#buffer = larger;
    }
    return offset;
  }
}

export class BinaryReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#buffer.length;
  }

  u8(): number {
    return this.#buffer.readUInt8(this.#advance(1));
  }
  u16(): number {
    return this.#buffer.readUInt16LE(this.#advance(2));
  }
  u32(): number {
    return this.#buffer.readUInt32LE(this.#advance(4));
  }
  f64(): number {
    return this.#buffer.readDoubleLE(this.#advance(8));
  }
  u64(): bigint {
    return this.#buffer.readBigUInt64LE(this.#advance(8));
  }
  text(): string {
    const length = this.u32();
    const start = this.#advance(length);
    return this.#buffer.toString('latin1', start, start + length);
  }

  #advance(count: number): number {
    const offset = this.#offset;
    this.#offset += count;
    return offset;
  }
}

/** Records stand one after the other, each with its length in front: the size of that length. */
export const LENGTH_BYTES = 4;

/** A reader for each record; valid until the next. */
export function* recordsIn(spool: Spool): Iterable<BinaryReader> {
  for (let offset = 0; offset < spool.lengthBytes;) {
    const lengthBytes = spool.read(offset, LENGTH_BYTES).readUInt32LE();
    offset += LENGTH_BYTES;
    yield new BinaryReader(spool.read(offset, lengthBytes));
    offset += lengthBytes;
  }
}

/** The same, of bytes: all are valid as long as those. */
export function readersOf(records: Uint8Array): BinaryReader[] {
  const bytes = Buffer.from(records.buffer, records.byteOffset, records.byteLength);
  const readers: BinaryReader[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const start = offset + LENGTH_BYTES;
    offset = start + bytes.readUInt32LE(offset);
    readers.push(new BinaryReader(bytes.subarray(start, offset)));
  }
  return readers;
}
