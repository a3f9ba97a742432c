/** Sets of bytes that one position of a filter pattern accepts; reads one `[...]` into such a set. */

/** As in the C locale: ASCII only. */
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
  /** If a `-` follows the member, this byte starts a range. */
  readonly rangeStart?: number;
}

export interface CharacterClass {
  readonly accepts: ByteSet;
  /** Index after the closing bracket. */
  readonly end: number;
}

/** `start` is the index after the opening bracket. Undefined if malformed: such a pattern matches nothing. */
export function readCharacterClass(pattern: string, start: number): CharacterClass | undefined {
  const negated = pattern[start] === '!' || pattern[start] === '^';
  const members: Member[] = [];
  let at = negated ? start + 1 : start;
  // A closing bracket right at the start is a literal, so the first member is read without a check for it.
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
  if (pattern[at] === '-' && rangeStart !== undefined && next !== ']') {
    return readRange(pattern, at + 1, rangeStart);
  }
  if (pattern[at] === '[' && next === ':') return readNamedClass(pattern, at);
  return readByte(pattern, at);
}

function readByte(pattern: string, start: number): Required<Member> | undefined {
  const at = pattern[start] === '\\' ? start + 1 : start;
  if (at >= pattern.length) return undefined;
  const literal = pattern.charCodeAt(at);
  return { includes: (byte) => byte === literal, end: at + 1, rangeStart: literal };
}

function readRange(pattern: string, at: number, first: number): Member | undefined {
  const last = readByte(pattern, at);
  return last && { includes: (byte) => byte >= first && byte <= last.rangeStart, end: last.end };
}

function readNamedClass(pattern: string, at: number): Member | undefined {
  const close = pattern.indexOf(']', at + 2);
  // Without its closing colon, the bracket is a literal.
  if (close < at + 3 || pattern[close - 1] !== ':') return readByte(pattern, at);
  const named = NAMED_CLASSES.get(pattern.slice(at + 2, close - 1));
  return named && { includes: (byte) => named.test(String.fromCharCode(byte)), end: close + 1 };
}

/** 256 numbers, 1 if the byte is in the set. */
export type ByteSet = Readonly<Uint8Array>;

const SLASH = '/'.charCodeAt(0);

export function byteSetWhere(includes: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => (includes(byte) ? 1 : 0));
}

export const NOT_SLASH = byteSetWhere((byte) => byte !== SLASH);

const literalSets: ByteSet[] = [];

/** The shared set of one literal byte, as most pattern steps are literal. Undefined if it is no byte. */
export function literalSet(literal: number): ByteSet | undefined {
  if (!(literal < 256)) return undefined;
  return (literalSets[literal] ??= byteSetWhere((byte) => byte === literal));
}
