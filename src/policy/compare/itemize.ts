/** Writes a change as rsync's eleven letters, `YXcstpoguax` (rsync(1), --itemize-changes). */
import { Difference, type Action, type Differences } from '../../model/change.ts';
import { kindOf, type Entry, type Kind } from '../../model/entry.ts';
import type { Preserve } from '../../model/settings.ts';

export const DELETING = '*deleting  ';
/** A name respelled as in the source, at a destination that treats both spellings as one name. */
export const RENAMING = '*renaming  ';
/** `--track-renames`: a file that is renamed instead of copied. */
const MOVING = '*moving    ';

const KIND_LETTERS: Readonly<Record<Kind, string>> = {
  file: 'f',
  directory: 'd',
  symlink: 'L',
  fifo: 'S',
  socket: 'S',
  'character device': 'D',
  'block device': 'D',
};

const UNCHANGED = '.'.repeat(9);
/** A name to be linked to a file that already has the right content and metadata. */
const IDENTICAL = ' '.repeat(9);

const ANEW = Difference.missing | Difference.kind;

export function itemize(action: Action, source: Entry, differences: Differences, preserve: Preserve): string {
  if (action === 'delete') return DELETING;
  if (action === 'move') return MOVING;
  const kind = kindOf(source.mode);
  const how = updateLetter(action, kind, differences) + KIND_LETTERS[kind];
  if ((differences & ANEW) !== 0) return `${how}+++++++++`;
  const letter = (bits: number, shown: string) => ((differences & bits) === 0 ? '.' : shown);
  const letters = [
    letter(Difference.content, 'c'),
    letter(Difference.size, 's'),
    letter(Difference.mtime, preserve.mtime ? 't' : 'T'),
    letter(Difference.mode, 'p'),
    letter(Difference.uid, 'o'),
    letter(Difference.gid, 'g'),
    letter(Difference.atime, 'u'),
    letter(Difference.acl, 'a'),
    letter(Difference.xattr, 'x'),
  ].join('');
  return how + (action === 'link' && letters === UNCHANGED ? IDENTICAL : letters);
}

function updateLetter(action: Action, kind: Kind, differences: Differences): string {
  if (action === 'link') return 'h';
  if (action === 'adjust' && (differences & ANEW) === 0) return '.';
  return kind === 'file' ? '>' : 'c';
}
