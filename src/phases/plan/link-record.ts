/** A name whose inode has several: what is needed to keep groups of hard links together. */
import type { Change } from '../../model/change.ts';
import type { BinaryReader, BinaryWriter } from './binary.ts';
import { readEntry, writeEntry } from './entry-record.ts';

export interface LinkRecord {
  readonly directoryPath: string;
  /** Action is `write` or `adjust` as for a file of its own; differences 0 where nothing differs. */
  readonly change: Change;
  /** The destination's inode at this name, or 0 where there is none that may be kept. */
  readonly destinationInode: bigint;
  readonly destinationDevice: number;
  /** It could not be linked to another name of its group, which has a file at the destination already. */
  readonly wasRefused: boolean;
}

export function writeLinkRecord(writer: BinaryWriter, record: LinkRecord): void {
  const { change } = record;
  writer.text(record.directoryPath);
  writer.u8(change.action === 'write' ? 1 : 0);
  writer.u16(change.differences);
  writer.text(change.name);
  writeEntry(writer, change.source);
  writer.u64(record.destinationInode);
  writer.f64(record.destinationDevice);
  writer.u8(record.wasRefused ? 1 : 0);
}

export function readLinkRecord(reader: BinaryReader): LinkRecord {
  return {
    directoryPath: reader.text(),
    change: {
      action: reader.u8() === 1 ? 'write' : 'adjust',
      differences: reader.u16(),
      name: reader.text(),
      source: readEntry(reader),
    },
    destinationInode: reader.u64(),
    destinationDevice: reader.f64(),
    wasRefused: reader.u8() === 1,
  };
}
