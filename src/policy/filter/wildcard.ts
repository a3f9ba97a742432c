/**
 * Wildcard matching in time proportional to pattern times text, whatever the pattern: the set of text
 * positions that the steps so far can reach is carried along, and nothing is ever tried twice.
 */
import { literalSet, NOT_SLASH, type ByteSet } from './byte-set.ts';
import { readCharacterClass } from './character-class.ts';

/** One byte out of a set, any bytes but slashes (`*`), or any bytes at all (`**`). */
type Step = ByteSet | '*' | '**';
export type Wildcard = readonly Step[];

const SLASH = '/'.charCodeAt(0);

/** Undefined when the pattern is malformed and so matches nothing. */
export function parseWildcard(pattern: string): Wildcard | undefined {
  const steps: Step[] = [];
  let at = 0;
  while (at < pattern.length) {
    const { step, end } = readStep(pattern, at) ?? {};
    if (step === undefined || end === undefined) return undefined;
    steps.push(step);
    at = end;
  }
  return steps;
}

function readStep(pattern: string, at: number): { step: Step; end: number } | undefined {
  switch (pattern[at]) {
    case '*':
      return readStars(pattern, at);
    case '?':
      return { step: NOT_SLASH, end: at + 1 };
    case '[': {
      const found = readCharacterClass(pattern, at + 1);
      return found && { step: found.accepts, end: found.end };
    }
    case '\\':
      return readLiteral(pattern, at + 1);
    default:
      return readLiteral(pattern, at);
  }
}

function readStars(pattern: string, start: number): { step: Step; end: number } {
  let end = start + 1;
  while (pattern[end] === '*') end++;
  return { step: end - start === 1 ? '*' : '**', end };
}

function readLiteral(pattern: string, at: number): { step: Step; end: number } | undefined {
  // None past the end: a backslash there escapes nothing, and such a pattern matches nothing.
  const step = literalSet(pattern.charCodeAt(at));
  return step && { step, end: at + 1 };
}

/** Whether the wildcard matches the whole text or, with `anyComponent`, what follows one of its slashes. */
export function matchesWildcard(wildcard: Wildcard, text: string, anyComponent = false): boolean {
  const reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  if (anyComponent) spreadAfterSlashes(reached, text);
  // What is reached lies from `low` to `high`; what is before is left as it was and not read again.
  let low = 0;
  let high = anyComponent ? text.length : 0;
  for (const step of wildcard) {
    if (typeof step === 'string') {
      spread(reached, text, { low, acrossSlash: step === '**' });
      high = text.length;
    } else {
      if (!consume(reached, text, { low, high, accepts: step })) return false;
      low++;
      high++;
    }
  }
  return reached[text.length] === 1;
}

function spreadAfterSlashes(reached: Uint8Array, text: string): void {
  for (let slash = text.indexOf('/'); slash !== -1; slash = text.indexOf('/', slash + 1))
    reached[slash + 1] = 1;
}

/** From each reached position on, as far as a star goes. */
function spread(reached: Uint8Array, text: string, star: { low: number; acrossSlash: boolean }): void {
  for (let at = star.low; at < text.length; at++) {
    if (reached[at] === 1 && (star.acrossSlash || text.charCodeAt(at) !== SLASH)) reached[at + 1] = 1;
  }
}

/** Each reached position moves one on where the byte there is accepted; false when none is left. */
function consume(
  reached: Uint8Array,
  text: string,
  { low, high, accepts }: { low: number; high: number; accepts: ByteSet },
): boolean {
  let left = false;
  // From the end, so that each position is read before it is written.
  for (let at = Math.min(high, text.length - 1); at >= low; at--) {
    const moves = reached[at] === 1 && accepts[text.charCodeAt(at)] === 1;
    reached[at + 1] = moves ? 1 : 0;
    left ||= moves;
  }
  return left;
}
