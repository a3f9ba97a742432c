/** Entries made up for tests of decisions, without a disk. */
import fc from 'fast-check';
import type { Entry } from '../../src/model/entry.ts';

export const FILE = 0o100644;
export const DIRECTORY = 0o040755;
export const SYMLINK = 0o120777;
export const FIFO = 0o010644;
export const SOCKET = 0o140644;
export const CHARACTER_DEVICE = 0o020644;
export const BLOCK_DEVICE = 0o060644;

/** A file of 5 bytes, except for the fields given. */
export function entryOf(fields: Partial<Entry> = {}): Entry {
  return {
    mode: FILE,
    linkCount: 1,
    uid: 1000,
    gid: 1000,
    sizeBytes: 5,
    blocks: 8,
    mtimeSec: 1_600_000_000,
    mtimeNsec: 123_456_789,
    atimeSec: 1_600_000_001,
    atimeNsec: 234_567_891,
    ctimeSec: 1_600_000_002,
    ctimeNsec: 345_678_912,
    inode: 17n,
    device: 2 ** 32 + 1,
    specialDevice: 0,
    ...fields,
  };
}

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const unsigned = fc.maxSafeNat();
const seconds = fc.maxSafeInteger();
/** Beyond a double's precision for seconds, this field also holds up to 2,047 of them. */
const nanoseconds = fc.integer({ min: 0, max: 2047_999_999_999 });

/** Any numbers that the fields can hold. */
export const anyEntry: fc.Arbitrary<Entry> = fc.record({
  mode: fc.integer({ min: 0, max: 0xffff }),
  linkCount: uint32,
  uid: uint32,
  gid: uint32,
  sizeBytes: unsigned,
  blocks: unsigned,
  mtimeSec: seconds,
  mtimeNsec: nanoseconds,
  atimeSec: seconds,
  atimeNsec: nanoseconds,
  ctimeSec: seconds,
  ctimeNsec: nanoseconds,
  inode: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  device: unsigned,
  specialDevice: unsigned,
});

/** A name as a directory can hold it: latin1, one character per byte. */
export const anyName: fc.Arbitrary<string> = fc
  .array(
    fc.integer({ min: 1, max: 255 }).filter((byte) => byte !== 0x2f),
    { minLength: 1, maxLength: 255 },
  )
  .map((bytes) => String.fromCharCode(...bytes));
