/** A section: changes of one directory, the unit in which work is handed out. */
import type { Action, Change } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { BinaryReader, BinaryWriter } from './binary.ts';
import { readEntry, writeEntry } from './entry-record.ts';

export interface SectionDirectory {
  /** Relative to the roots, latin1. */
  readonly directoryPath: string;
  /** The directory is made by this run: nobody reads in it yet. */
  readonly isDirectoryNew: boolean;
  /** Names that the source's directory has, without its directories; 0: not known. */
  readonly directoryNames: number;
}

export interface Section extends SectionDirectory {
  /** The source's directory, where the section makes the destination's before anything else. */
  readonly makes: Entry | undefined;
  readonly changes: readonly PlannedChange[];
}

export interface PlannedChange extends Change {
  /** For `link`: path of the name to link to, relative to the destination. */
  readonly leaderPath: string;
}

const ACTIONS: readonly Action[] = ['write', 'adjust', 'link', 'delete'];

export function writeSectionStart(
  writer: BinaryWriter,
  directory: SectionDirectory,
  makes: Entry | undefined,
): void {
  writer.text(directory.directoryPath);
  writer.u8(directory.isDirectoryNew ? 1 : 0);
  writer.u32(directory.directoryNames);
  writer.u8(makes === undefined ? 0 : 1);
  if (makes !== undefined) writeEntry(writer, makes);
}

export function writeChange(writer: BinaryWriter, change: Change, leaderPath = ''): void {
  writer.u8(ACTIONS.indexOf(change.action));
  writer.u16(change.differences);
  writer.text(change.name);
  writer.text(leaderPath);
  writeEntry(writer, change.source);
}

export function readSection(reader: BinaryReader): Section {
  const directoryPath = reader.text();
  const isDirectoryNew = reader.u8() === 1;
  const directoryNames = reader.u32();
  const makes = reader.u8() === 1 ? readEntry(reader) : undefined;
  const changes: PlannedChange[] = [];
  while (!reader.isAtEnd) changes.push(readChange(reader));
  return { directoryPath, isDirectoryNew, directoryNames, makes, changes };
}

function readChange(reader: BinaryReader): PlannedChange {
  return {
    action: ACTIONS[reader.u8()] as Action,
    differences: reader.u16(),
    name: reader.text(),
    leaderPath: reader.text(),
    source: readEntry(reader),
  };
}
