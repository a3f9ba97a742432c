/** An Entry in the plan's spool: 120 bytes. */
import type { Entry } from '../../model/entry.ts';
import type { BinaryReader, BinaryWriter } from './binary.ts';

export function writeEntry(writer: BinaryWriter, entry: Entry): void {
  writer.u32(entry.mode);
  writer.u32(entry.linkCount);
  writer.u32(entry.uid);
  writer.u32(entry.gid);
  writer.f64(entry.sizeBytes);
  writer.f64(entry.blocks);
  writer.f64(entry.mtimeSec);
  writer.f64(entry.mtimeNsec);
  writer.f64(entry.atimeSec);
  writer.f64(entry.atimeNsec);
  writer.f64(entry.ctimeSec);
  writer.f64(entry.ctimeNsec);
  writer.u64(entry.inode);
  writer.f64(entry.device);
  writer.f64(entry.specialDevice);
}

export function readEntryRecord(reader: BinaryReader): Entry {
  return {
    mode: reader.u32(),
    linkCount: reader.u32(),
    uid: reader.u32(),
    gid: reader.u32(),
    sizeBytes: reader.f64(),
    blocks: reader.f64(),
    mtimeSec: reader.f64(),
    mtimeNsec: reader.f64(),
    atimeSec: reader.f64(),
    atimeNsec: reader.f64(),
    ctimeSec: reader.f64(),
    ctimeNsec: reader.f64(),
    inode: reader.u64(),
    device: reader.f64(),
    specialDevice: reader.f64(),
  };
}
