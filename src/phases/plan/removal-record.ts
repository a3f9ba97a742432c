/** Extraneous names of one destination directory that are not directories themselves. */
import type { BinaryReader, BinaryWriter } from './binary.ts';

export interface RemovalRecord {
  readonly directoryPath: string;
  /** Leftovers of a killed run: removed without being listed or counted. */
  readonly areTemporaries: boolean;
  readonly names: readonly string[];
}

export function writeRemovalRecord(writer: BinaryWriter, record: RemovalRecord): void {
  writer.text(record.directoryPath);
  writer.u8(record.areTemporaries ? 1 : 0);
  for (const name of record.names) writer.text(name);
}

export function readRemovalRecord(reader: BinaryReader): RemovalRecord {
  const directoryPath = reader.text();
  const areTemporaries = reader.u8() === 1;
  const names: string[] = [];
  while (!reader.isAtEnd) names.push(reader.text());
  return { directoryPath, areTemporaries, names };
}
