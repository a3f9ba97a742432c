/** Extraneous names of one destination directory that are not directories themselves. */
import type { BinaryReader, BinaryWriter } from './binary.ts';

export interface RemovalRecord {
  readonly directoryPath: string;
  /** Leftovers of a killed run: removed without being listed or counted. */
  readonly areTemporaries: boolean;
  /** The directory as it was listed; undefined: it was not. */
  readonly directory: MountedDirectory | undefined;
  readonly names: readonly string[];
  /** Names that this run makes in the directory: none of `names` may lead to the same. */
  readonly made: readonly string[];
}

/** By which mount a directory is seen, and which it is. */
export interface MountedDirectory {
  readonly mountId: number;
  readonly device: number;
  readonly inode: bigint;
}

export function writeRemovalRecord(writer: BinaryWriter, record: RemovalRecord): void {
  writer.text(record.directoryPath);
  writer.u8(record.areTemporaries ? 1 : 0);
  writer.u8(record.directory === undefined ? 0 : 1);
  if (record.directory !== undefined) {
    writer.f64(record.directory.mountId);
    writer.f64(record.directory.device);
    writer.u64(record.directory.inode);
  }
  writer.u32(record.made.length);
  for (const name of record.made) writer.text(name);
  for (const name of record.names) writer.text(name);
}

export function readRemovalRecord(reader: BinaryReader): RemovalRecord {
  const directoryPath = reader.text();
  const areTemporaries = reader.u8() === 1;
  const isListed = reader.u8() === 1;
  const directory = isListed
    ? { mountId: reader.f64(), device: reader.f64(), inode: reader.u64() }
    : undefined;
  const made = Array.from({ length: reader.u32() }, () => reader.text());
  const names: string[] = [];
  while (!reader.isAtEnd) names.push(reader.text());
  return { directoryPath, areTemporaries, directory, names, made };
}
