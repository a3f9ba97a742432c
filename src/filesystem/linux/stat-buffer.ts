/** struct statx, read in place: the fields of an Entry with no object made for each entry. */
import type { Entry } from '../../model/entry.ts';

const STATX_SIZE_BYTES = 256;
const HIGH = 2 ** 32;

/** A million calls fill the same buffer: copy what must outlive the next one (`snapshotOf`). */
export class StatBuffer implements Entry {
  readonly bytes: Buffer = Buffer.alloc(STATX_SIZE_BYTES);
  readonly #view = new DataView(this.bytes.buffer, this.bytes.byteOffset, STATX_SIZE_BYTES);

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
  /** Exact below 2^53 bytes, 171 times the largest file EFS holds. */
  get sizeBytes(): number {
    return this.#unsigned64(40);
  }
  get blocks(): number {
    return this.#unsigned64(48);
  }
  get atimeSec(): number {
    return this.#signed64(64);
  }
  get atimeNsec(): number {
    return this.#view.getUint32(72, true);
  }
  get ctimeSec(): number {
    return this.#signed64(96);
  }
  get ctimeNsec(): number {
    return this.#view.getUint32(104, true);
  }
  get mtimeSec(): number {
    return this.#signed64(112);
  }
  get mtimeNsec(): number {
    return this.#view.getUint32(120, true);
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

  #unsigned64(offset: number): number {
    return this.#view.getUint32(offset + 4, true) * HIGH + this.#view.getUint32(offset, true);
  }
  #signed64(offset: number): number {
    return this.#view.getInt32(offset + 4, true) * HIGH + this.#view.getUint32(offset, true);
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
