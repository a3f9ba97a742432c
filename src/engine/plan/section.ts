/** A section: some changes of one directory, handed out to a worker as a whole. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Action, Change } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { BinaryReader, BinaryWriter } from './binary.ts';
import { readEntryRecord, writeEntry } from './entry-record.ts';

export interface SectionDirectory {
  /** Relative to the roots, latin1. */
  readonly directoryPath: ByteString;
  /** How many non-directories the source's directory has; 0 if unknown. */
  readonly directoryNames: number;
}

export interface Section extends SectionDirectory {
  /** The source's directory, if the section makes the destination's first. */
  readonly makes: Entry | undefined;
  readonly changes: readonly PlannedChange[];
}

/** The name to link to, or to move from. */
export interface Leader {
  /** Relative to the destination; empty if the change is neither link nor move. */
  readonly leaderPath: ByteString;
  /**
   * The leader's inode before the planned write: if it still has this inode, the write did not happen. 0:
   * none. Of a file to move: its inode.
   */
  readonly staleInode: bigint;
}

export interface PlannedChange extends Change, Leader {}

const NO_LEADER: Leader = { leaderPath: '', staleInode: 0n };

const ACTIONS: readonly Action[] = ['write', 'adjust', 'link', 'move', 'delete'];

/** Those with an inode in their record. */
const WITH_INODE: ReadonlySet<Action> = new Set(['link', 'move']);

export function writeSectionStart(
  writer: BinaryWriter,
  directory: SectionDirectory,
  makes: Entry | undefined,
): void {
  writer.text(directory.directoryPath);
  writer.u32(directory.directoryNames);
  writer.u8(makes === undefined ? 0 : 1);
  if (makes !== undefined) writeEntry(writer, makes);
}

export function writeChange(writer: BinaryWriter, change: Change, leader = NO_LEADER): void {
  writer.u8(ACTIONS.indexOf(change.action));
  writer.u16(change.differences);
  writer.text(change.name);
  writer.text(leader.leaderPath);
  if (WITH_INODE.has(change.action)) writer.u64(leader.staleInode);
  writeEntry(writer, change.source);
}

export function readSection(reader: BinaryReader): Section {
  const directoryPath = reader.text();
  const directoryNames = reader.u32();
  const makes = reader.u8() === 1 ? readEntryRecord(reader) : undefined;
  const changes: PlannedChange[] = [];
  while (!reader.isAtEnd) changes.push(readChange(reader));
  return { directoryPath, directoryNames, makes, changes };
}

function readChange(reader: BinaryReader): PlannedChange {
  const action = ACTIONS[reader.u8()] as Action;
  return {
    action,
    differences: reader.u16(),
    name: reader.text(),
    leaderPath: reader.text(),
    staleInode: WITH_INODE.has(action) ? reader.u64() : 0n,
    source: readEntryRecord(reader),
  };
}
