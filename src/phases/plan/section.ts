/** A section: changes of one directory, the unit in which work is handed out. */
import type { Action, Change } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { BinaryReader, BinaryWriter } from './binary.ts';
import { readEntry, writeEntry } from './entry-record.ts';

export interface SectionDirectory {
  /** Relative to the roots, latin1. */
  readonly directoryPath: string;
  /** Names that the source's directory has, without its directories; 0: not known. */
  readonly directoryNames: number;
}

export interface Section extends SectionDirectory {
  /** The source's directory, where the section makes the destination's before anything else. */
  readonly makes: Entry | undefined;
  readonly changes: readonly PlannedChange[];
}

/** The name to link to. */
export interface Leader {
  /** Relative to the destination; empty for what is not to be linked. */
  readonly leaderPath: string;
  /** What the leader was before it was to be written anew: while it has this inode, it was not. 0: none. */
  readonly staleInode: bigint;
}

export interface PlannedChange extends Change, Leader {}

const NO_LEADER: Leader = { leaderPath: '', staleInode: 0n };

const ACTIONS: readonly Action[] = ['write', 'adjust', 'link', 'delete'];

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
  if (change.action === 'link') writer.u64(leader.staleInode);
  writeEntry(writer, change.source);
}

export function readSection(reader: BinaryReader): Section {
  const directoryPath = reader.text();
  const directoryNames = reader.u32();
  const makes = reader.u8() === 1 ? readEntry(reader) : undefined;
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
    staleInode: action === 'link' ? reader.u64() : 0n,
    source: readEntry(reader),
  };
}
