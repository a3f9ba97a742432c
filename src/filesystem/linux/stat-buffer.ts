/** struct statx, read in place: the fields of an Entry with no object made for each entry. */
import type { Entry } from '../../model/entry.ts';
import { nanosecondsOf, secondsOf } from './far-times.ts';

const STATX_SIZE_BYTES = 256;
const HIGH = 2 ** 32;
/** STATX_ATTR_IMMUTABLE and STATX_ATTR_APPEND. */
const FIXED_ATTRIBUTES = 0x10 | 0x20;
/** STATX_ATTR_MOUNT_ROOT */
const MOUNT_ROOT = 0x2000;

/** A million calls fill the same buffer: copy what must outlive the next one (`snapshotOf`). */
export class StatBuffer implements Entry {
  readonly bytes: Buffer = Buffer.alloc(STATX_SIZE_BYTES);
  readonly #view = new DataView(this.bytes.buffer, this.bytes.byteOffset, STATX_SIZE_BYTES);

  /** Immutable or append-only, where the file system tells (chattr(1)): nothing can be linked to it or in it. */
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
  get inode(): bigint {
    return this.#view.getBigUint64(32, true);
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
  /** Only where STATX_MNT_ID was asked for and the kernel (5.8) knows it. */
  get mountId(): number {
    return this.#unsigned64(144);
  }
  /** Something is mounted right here, also the same file system once more. Undefined: the kernel (5.8) does not tell. */
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
