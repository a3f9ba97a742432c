/** The records of the plan besides sections: of directories, of hard links, and of names to remove or to respell. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Change, Differences } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { BinaryReader, BinaryWriter } from './binary.ts';
import { readEntryRecord, writeEntry } from './entry-record.ts';

/** The work that Syncing must do on one destination directory, before and after its contents. */
export interface DirectoryRecord {
  readonly action: DirectoryAction;
  readonly path: ByteString;
  readonly differences: Differences;
  /** The source's directory; the destination's own for `remove` and `makeWay`. */
  readonly entry: Entry;
}

/**
 * - `create`: make it, and set its metadata last
 * - `claim`: make it, after all `create`, unless something has its name by then: the destination then treats
 *   both names as one
 * - `finishNew`: its section or a `claim` makes it; set its metadata last
 * - `finish`: it exists; set its metadata last, since it differs or work inside it changes its mtime
 * - `remove`: it is extraneous; remove it once it is empty
 * - `makeWay`: as `remove`, but before anything is written: it lies below one that `giveWay`
 * - `giveWay`: as `makeWay`; something else takes its name, so it does not count as deleted
 */
export type DirectoryAction = 'create' | 'claim' | 'finishNew' | 'finish' | 'remove' | 'makeWay' | 'giveWay';

const ACTIONS: readonly DirectoryAction[] = [
  'create',
  'claim',
  'finishNew',
  'finish',
  'remove',
  'makeWay',
  'giveWay',
];

export function writeDirectoryRecord(writer: BinaryWriter, record: DirectoryRecord): void {
  writer.u8(ACTIONS.indexOf(record.action));
  writer.text(record.path);
  writer.u16(record.differences);
  writeEntry(writer, record.entry);
}

export function readDirectoryRecord(reader: BinaryReader): DirectoryRecord {
  return {
    action: ACTIONS[reader.u8()] as DirectoryAction,
    path: reader.text(),
    differences: reader.u16(),
    entry: readEntryRecord(reader),
  };
}

/** Number of components in the path: the root is at depth 0. */
export function depthOf(path: ByteString): number {
  if (path === '') return 0;
  let depth = 1;
  for (let i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) depth++;
  return depth;
}

/** A name of an inode that has several: everything needed to keep groups of hard links together. */
export interface LinkRecord {
  readonly directoryPath: ByteString;
  /** Its action is `write` or `adjust`, as for a single file; its differences are 0 if nothing differs. */
  readonly change: Change;
  /** The destination's inode of this name, or 0 if there is none to keep. */
  readonly destinationInode: bigint;
  readonly destinationDevice: number;
  /** It could not be linked to its group's leader, which is already at the destination. */
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
      source: readEntryRecord(reader),
    },
    destinationInode: reader.u64(),
    destinationDevice: reader.f64(),
    wasRefused: reader.u8() === 1,
  };
}

/** Extraneous non-directories of one destination directory. */
export interface RemovalRecord {
  readonly directoryPath: ByteString;
  /** Leftovers of a killed run: removed without listing or counting them. */
  readonly areTemporaries: boolean;
  /** The directory as listed; undefined if it was not listed. */
  readonly directory: MountedDirectory | undefined;
  readonly names: readonly ByteString[];
  /** Names that this run makes in the directory: none of `names` may lead to the same entry. */
  readonly made: readonly string[];
}

/** Identifies a directory and the mount through which it is seen. */
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
  const names: ByteString[] = [];
  while (!reader.isAtEnd) names.push(reader.text());
  return { directoryPath, areTemporaries, directory, names, made };
}

/** A source name, and the spelling that the destination lists. */
export interface Respelling {
  readonly listed: string;
  readonly name: ByteString;
}

/** Names of one destination directory to respell as in the source. */
export interface RespellingRecord {
  readonly directoryPath: ByteString;
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
