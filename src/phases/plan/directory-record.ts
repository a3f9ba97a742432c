/** What Syncing must do about one destination directory, before and after its contents. */
import type { Differences } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { BinaryReader, BinaryWriter } from './binary.ts';
import { readEntry, writeEntry } from './entry-record.ts';

/**
 * - `create`: make it, and set its metadata last
 * - `claim`: make it, after those, unless something has its name by then: the destination takes it for another
 * - `finishNew`: its section makes it, or a `claim`; set its metadata last
 * - `finish`: it is there; set its metadata last, since it differs or what happens inside moves its mtime
 * - `remove`: it is extraneous; remove it once it is empty
 * - `makeWay`: as `remove`, but before anything is written: it is below one that gives way
 * - `giveWay`: as `makeWay`: something else takes its place, so that it does not count as deleted
 */
export type DirectoryAction = 'create' | 'claim' | 'finishNew' | 'finish' | 'remove' | 'makeWay' | 'giveWay';

export interface DirectoryRecord {
  readonly action: DirectoryAction;
  readonly path: string;
  readonly differences: Differences;
  /** The source's directory; the destination's own for `remove` and `makeWay`. */
  readonly entry: Entry;
}

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
    entry: readEntry(reader),
  };
}

/** Components in the path: the root is at depth 0. */
export function depthOf(path: string): number {
  if (path === '') return 0;
  let depth = 1;
  for (let i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) depth++;
  return depth;
}
