/** `--chmod=SPEC`: modes as in chmod(1) and rsync(1) -> the changes that they ask for. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../model/run/errors.ts';
import type { ModeChange } from '../../model/metadata-changes.ts';
import { displayName } from '../../model/display-name.ts';

const PART =
  /^(?<on>[DF]*)(?:(?<octal>[0-7]+)|(?<classes>[ugoa]*)(?<operator>[-+=])(?:(?<copied>[ugo])|(?<rights>[rwxXst]*)))$/;
const ALL_BITS = 0o7777;
const STICKY = 0o1000;
/** Each class's place; times three bits, they are its rights. */
const CLASSES: Readonly<Record<string, number>> = { u: 0o100, g: 0o010, o: 0o001, a: 0o111 };
const RIGHTS: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1, X: 1 };
/** What `s` means with each class, and what a copied class clears. */
const SET_ID: Readonly<Record<string, number>> = { u: 0o4000, g: 0o2000 };
const SPECIAL: Readonly<Record<string, number>> = { ...SET_ID, o: STICKY, a: 0o7000 };

/** Several --chmod add up. @throws UsageError */
export function resolveModeChanges(texts: readonly string[]): readonly ModeChange[] {
  return Object.freeze(texts.flatMap((text) => text.split(',').map((part) => readPart(part, text))));
}

function readPart(part: string, text: string): ModeChange {
  const groups = PART.exec(part)?.groups;
  const { on = '', octal } = groups ?? {};
  const isBoth = on.includes('D') && on.includes('F');
  if (groups === undefined || isBoth || (octal !== undefined && parseInt(octal, 8) > ALL_BITS)) {
    throw new UsageError(
      `--chmod: "${displayName(text)}" is not a list of modes as chmod(1) takes them, such as u=rwX,go=rX, D2755 or F-w`,
    );
  }
  const change = { on: kindsOf(on), ...(octal === undefined ? symbolic(groups) : numeric(octal)) };
  if (change.on !== 'directories' && setsSticky(change)) {
    throw new UsageError(
      `--chmod: "${displayName(part)}" gives files the sticky bit, which marks a file that a killed run left half rewritten; for directories write D${displayName(part.replace(/^F+/, ''))}`,
    );
  }
  return Object.freeze(change);
}

function kindsOf(on: string): ModeChange['on'] {
  if (on === '') return 'everything';
  return on.startsWith('D') ? 'directories' : 'others';
}

function setsSticky({ operator, bits, copiedFrom }: Omit<ModeChange, 'on'>): boolean {
  return operator !== '-' && copiedFrom === undefined && (bits & STICKY) !== 0;
}

function numeric(octal: string): Omit<ModeChange, 'on'> {
  const bits = parseInt(octal, 8);
  return { operator: '=', bits, cleared: ALL_BITS, isExecuteKept: false, copiedFrom: undefined };
}

function symbolic(groups: Readonly<Record<string, string | undefined>>): Omit<ModeChange, 'on'> {
  const { classes = '', rights = '' } = groups;
  const operator = groups['operator'] as ModeChange['operator'];
  const copiedFrom = groups['copied'] as ModeChange['copiedFrom'];
  const where = joined(classes === '' ? 'a' : classes, CLASSES);
  // As in chmod(1): without a class, the umask stays in force.
  const masked = classes === '' ? ~umask() : ALL_BITS;
  const isExecuteKept = rights.includes('X');
  const shape = { operator, isExecuteKept, copiedFrom };
  if (copiedFrom !== undefined) {
    const special = operator === '=' ? joined(classes === '' ? 'a' : classes, SPECIAL) : 0;
    return { ...shape, bits: (where * 7) & masked, cleared: (where * 7) | special };
  }
  const setId = joined(classes, SET_ID);
  const special = (rights.includes('s') ? setId || 0o4000 : 0) | (rights.includes('t') ? STICKY : 0);
  return {
    ...shape,
    bits: ((where * joined(rights, RIGHTS)) & masked) | special,
    cleared: (where * 7) | (special === 0 ? 0 : setId),
  };
}

function joined(letters: string, meanings: Readonly<Record<string, number>>): number {
  let bits = 0;
  for (const letter of letters) bits |= meanings[letter] ?? 0;
  return bits;
}

/** `process.umask()` sets it for a moment, and other threads may be making files. Linux 4.7 and newer show it. */
function umask(): number {
  const digits = /^Umask:\s*([0-7]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
  return digits === undefined ? process.umask() : parseInt(digits, 8);
}
