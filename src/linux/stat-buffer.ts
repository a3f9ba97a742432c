/** struct statx, read in place: the fields of an Entry, without allocating an object for each entry. */
import type { Entry } from '../model/entry.ts';
import { nanosecondsOf, secondsOf } from './times.ts';

const STATX_SIZE_BYTES = 256;
const HIGH = 2 ** 32;
/** STATX_ATTR_IMMUTABLE and STATX_ATTR_APPEND. */
const FIXED_ATTRIBUTES = 0x10 | 0x20;
/** STATX_ATTR_MOUNT_ROOT */
const MOUNT_ROOT = 0x2000;

/** A million calls fill the same buffer: use `snapshotOf` to keep values beyond the next call. */
export class StatBuffer implements Entry {
  readonly bytes: Buffer = Buffer.alloc(STATX_SIZE_BYTES);
  readonly #view = new DataView(this.bytes.buffer, this.bytes.byteOffset, STATX_SIZE_BYTES);

  /**
   * Immutable or append-only, if the file system reports it (chattr(1)): such an entry cannot be linked, nor
   * linked into.
   */
  get isFixed(): boolean {
    return (this.#view.getUint32(8, true) & FIXED_ATTRIBUTES) !== 0;
  }
  get linkCount(): number {
    return this.#view.getUint32(16, true);
  }
  get uid(): number {
    return this.#view.getUint32(20, true);
  }
  get gid(): number {
    return this.#view.getUint32(24, true);
  }
  get mode(): number {
    return this.#view.getUint16(28, true);
  }
  /** `--chmod`: as if the file system had told this mode. */
  set mode(mode: number) {
    this.#view.setUint16(28, mode, true);
  }
  get inode(): bigint {
    return this.#view.getBigUint64(32, true);
  }
  get inodeLow(): number {
    return this.#view.getUint32(32, true);
  }
  get inodeHigh(): number {
    return this.#view.getUint32(36, true);
  }
  get sizeBytes(): number {
    return this.#unsigned64(40);
  }
  get blocks(): number {
    return this.#unsigned64(48);
  }
  get atimeSec(): number {
    return this.#seconds(64);
  }
  get atimeNsec(): number {
    return this.#nanoseconds(64);
  }
  get ctimeSec(): number {
    return this.#seconds(96);
  }
  get ctimeNsec(): number {
    return this.#nanoseconds(96);
  }
  get mtimeSec(): number {
    return this.#seconds(112);
  }
  get mtimeNsec(): number {
    return this.#nanoseconds(112);
  }
  get specialDevice(): number {
    return this.#view.getUint32(128, true) * HIGH + this.#view.getUint32(132, true);
  }
  get device(): number {
    return this.#view.getUint32(136, true) * HIGH + this.#view.getUint32(140, true);
  }
  /** Valid only if STATX_MNT_ID was asked for and the kernel (5.8) knows it. */
  get mountId(): number {
    return this.#unsigned64(144);
  }
  /**
   * Something is mounted right here, even the same file system again. Undefined: the kernel is older than
   * 5.8.
   */
  get isMountRoot(): boolean | undefined {
    if ((this.#view.getUint32(56, true) & MOUNT_ROOT) === 0) return undefined;
    return (this.#view.getUint32(8, true) & MOUNT_ROOT) !== 0;
  }

  #unsigned64(offset: number): number {
    return this.#view.getUint32(offset + 4, true) * HIGH + this.#view.getUint32(offset, true);
  }
  /** struct statx_timestamp: s64 seconds, u32 nanoseconds. */
  #seconds(offset: number): number {
    return secondsOf(this.#view.getInt32(offset + 4, true), this.#view.getUint32(offset, true));
  }
  #nanoseconds(offset: number): number {
    const nsec = this.#view.getUint32(offset + 8, true);
    return nanosecondsOf(this.#view.getInt32(offset + 4, true), this.#view.getUint32(offset, true), nsec);
  }
}

/** A copy that outlives the buffer. */
export function snapshotOf(entry: Entry): Entry {
  const { mode, linkCount, uid, gid, sizeBytes, blocks, inode, device, specialDevice } = entry;
  const { mtimeSec, mtimeNsec, atimeSec, atimeNsec, ctimeSec, ctimeNsec } = entry;
  return {
    mode, linkCount, uid, gid, sizeBytes, blocks, inode, device, specialDevice,
    mtimeSec, mtimeNsec, atimeSec, atimeNsec, ctimeSec, ctimeNsec,
  }; // prettier-ignore
}
