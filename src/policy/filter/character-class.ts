/** Reads one `[...]` of a filter pattern into the set of bytes it accepts. */
import { byteSetWhere, NOT_SLASH, type ByteSet } from './byte-set.ts';

/** As the C locale has them: ASCII only. */
const NAMED_CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[0-9A-Za-z]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[\0-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[\t-\r ]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);

interface Member {
  readonly includes: (byte: number) => boolean;
  /** Index after the member. */
  readonly end: number;
  /** The byte that a `-` right after the member makes the start of a range. */
  readonly rangeStart?: number;
}

export interface CharacterClass {
  readonly accepts: ByteSet;
  /** Index after the closing bracket. */
  readonly end: number;
}

/** `start` is the index after the opening bracket. Undefined when malformed: such a pattern matches nothing. */
export function readCharacterClass(pattern: string, start: number): CharacterClass | undefined {
  const negated = pattern[start] === '!' || pattern[start] === '^';
  const members: Member[] = [];
  let at = negated ? start + 1 : start;
  // A bracket that closes nothing yet stands for itself, so the first member is read unseen.
  do {
    const member = readMember(pattern, at, members.at(-1)?.rangeStart);
    if (member === undefined) return undefined;
    members.push(member);
    at = member.end;
  } while (pattern[at] !== ']');
  const accepts = byteSetWhere(
    (byte) => NOT_SLASH[byte] === 1 && members.some((member) => member.includes(byte)) !== negated,
  );
  return { accepts, end: at + 1 };
}

function readMember(pattern: string, at: number, rangeStart: number | undefined): Member | undefined {
  const next = pattern[at + 1];
  if (pattern[at] === '-' && rangeStart !== undefined && next !== undefined && next !== ']') {
    return readRange(pattern, at + 1, rangeStart);
  }
  if (pattern[at] === '[' && next === ':') return readNamedClass(pattern, at);
  return readByte(pattern, at);
}

function readByte(pattern: string, start: number): Member | undefined {
  const at = pattern[start] === '\\' ? start + 1 : start;
  if (at >= pattern.length) return undefined;
  const literal = pattern.charCodeAt(at);
  return { includes: (byte) => byte === literal, end: at + 1, rangeStart: literal };
}

function readRange(pattern: string, at: number, first: number): Member | undefined {
  const last = readByte(pattern, at)?.rangeStart;
  if (last === undefined) return undefined;
  const end = pattern[at] === '\\' ? at + 2 : at + 1;
  return { includes: (byte) => byte >= first && byte <= last, end };
}

function readNamedClass(pattern: string, at: number): Member | undefined {
  const close = pattern.indexOf(']', at + 2);
  if (close === -1) return undefined;
  // Without its own closing colon, the bracket stands for itself.
  if (close < at + 3 || pattern[close - 1] !== ':') return readByte(pattern, at);
  const named = NAMED_CLASSES.get(pattern.slice(at + 2, close - 1));
  return named && { includes: (byte) => named.test(String.fromCharCode(byte)), end: close + 1 };
}
