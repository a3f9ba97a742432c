/** Names of one destination directory that are to be spelled as in the source. */
import type { BinaryReader, BinaryWriter } from './binary.ts';

/** A name of the source, and how the destination lists it. */
export interface Respelling {
  readonly listed: string;
  readonly name: string;
}

export interface RespellingRecord {
  readonly directoryPath: string;
  readonly respelled: readonly Respelling[];
}

export function writeRespellingRecord(writer: BinaryWriter, record: RespellingRecord): void {
  writer.text(record.directoryPath);
  for (const { listed, name } of record.respelled) {
    writer.text(listed);
    writer.text(name);
  }
}

export function readRespellingRecord(reader: BinaryReader): RespellingRecord {
  const directoryPath = reader.text();
  const respelled: Respelling[] = [];
  while (!reader.isAtEnd) respelled.push({ listed: reader.text(), name: reader.text() });
  return { directoryPath, respelled };
}
