/** `--track-renames`: the records of extraneous files, and of new files with those that they may have been. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Entry } from '../../model/entry.ts';
import type { BinaryReader, BinaryWriter } from './binary.ts';
import { readEntryRecord, writeEntry } from './entry-record.ts';

/** A file of one name that only the destination has, and that nothing protects. */
export interface MovableFile {
  readonly directoryPath: ByteString;
  readonly name: ByteString;
  readonly entry: Entry;
}

/** A new file of the source, and the one of the destination that it may have been. */
export interface MovePair {
  /** Among all pairs. */
  readonly index: number;
  /** Its content is to be compared. */
  readonly isDoubtful: boolean;
  readonly source: MovableFile;
  readonly destination: MovableFile;
}

export function writeMovable(writer: BinaryWriter, { directoryPath, name, entry }: MovableFile): void {
  writer.text(directoryPath);
  writer.text(name);
  writeEntry(writer, entry);
}

export function readMovable(reader: BinaryReader): MovableFile {
  return { directoryPath: reader.text(), name: reader.text(), entry: readEntryRecord(reader) };
}

export function writeMovePair(writer: BinaryWriter, pair: MovePair): void {
  writer.u32(pair.index);
  writer.u8(pair.isDoubtful ? 1 : 0);
  writeMovable(writer, pair.source);
  writeMovable(writer, pair.destination);
}

export function readMovePair(reader: BinaryReader): MovePair {
  return {
    index: reader.u32(),
    isDoubtful: reader.u8() === 1,
    source: readMovable(reader),
    destination: readMovable(reader),
  };
}
