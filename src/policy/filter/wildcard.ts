/**
 * Wildcard matching in time proportional to pattern times text, for any pattern: it tracks all text positions
 * that the steps so far can reach, and never backtracks.
 */
import { literalSet, NOT_SLASH, readCharacterClass, type ByteSet } from './character-class.ts';

/** One byte of a set, any bytes but slashes (`*`), or any bytes at all (`**`). */
type Step = ByteSet | '*' | '**';
export type Wildcard = readonly Step[];

const SLASH = '/'.charCodeAt(0);

/** Undefined if the pattern is malformed and so matches nothing. */
export function parseWildcard(pattern: string): Wildcard | undefined {
  const steps: Step[] = [];
  let at = 0;
  while (at < pattern.length) {
    const found = readStep(pattern, at);
    if (found === undefined) return undefined;
    steps.push(found.step);
    at = found.end;
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
  // Past the end there is no byte: a trailing backslash escapes nothing, and such a pattern matches nothing.
  const step = literalSet(pattern.charCodeAt(at));
  return step && { step, end: at + 1 };
}

/** Whether the wildcard matches the whole text or, with `anyComponent`, what follows one of its slashes. */
export function matchesWildcard(wildcard: Wildcard, text: string, anyComponent = false): boolean {
  const reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  if (anyComponent) spreadAfterSlashes(reached, text);
  // Reached positions lie from `low` to `high`; lower ones are stale and not read again.
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

/** Extends each reached position as far as the star can match. */
function spread(reached: Uint8Array, text: string, star: { low: number; acrossSlash: boolean }): void {
  for (let at = star.low; at < text.length; at++) {
    if (reached[at] === 1 && (star.acrossSlash || text.charCodeAt(at) !== SLASH)) reached[at + 1] = 1;
  }
}

/** Moves each reached position past its byte if the set accepts that; false if none is left. */
function consume(
  reached: Uint8Array,
  text: string,
  { low, high, accepts }: { low: number; high: number; accepts: ByteSet },
): boolean {
  let left = false;
  // Backwards, so that each position is read before it is overwritten.
  for (let at = Math.min(high, text.length - 1); at >= low; at--) {
    const moves = reached[at] === 1 && accepts[text.charCodeAt(at)] === 1;
    reached[at + 1] = moves ? 1 : 0;
    left ||= moves;
  }
  return left;
}
