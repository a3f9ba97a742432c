/** The option that a mistyped one probably meant. A bold guess never leads to other files being copied. */
import { nearestKey } from '../../policy/names/nearest-key.ts';
import { OUTPUT } from './table/run-options.ts';
import { REFUSED } from './table/rsync-refusals.ts';
import { namesIn } from './table/option-declaration.ts';

/** Longer words are no misspelt options, and would take long to compare. */
const LONGEST = 40;

/** A wrong one of these changes only what is shown. */
const OF_OUTPUT: ReadonlySet<string> = new Set([
  '--help',
  '--version',
  ...OUTPUT.options.flatMap(({ flags }) => namesIn(flags)),
]);

const OF_REFUSED: ReadonlySet<string> = new Set(REFUSED.flatMap(({ flags }) => namesIn(flags)));

/** @param known all options with their dashes, also the refused ones: these hide more distant ones */
export function suggestOption(flag: string, known: readonly string[]): string | undefined {
  if (flag.length > LONGEST) return undefined;
  const prefix = flag.startsWith('--no-') ? '--no-' : '--';
  const word = flag.slice(prefix.length);
  const longs = known.filter((name) => /^--(?!no-)/.test(name)).map((name) => name.slice(2));
  const nearest = nearestKey(word, longs);
  if (nearest === undefined || OF_REFUSED.has(`--${nearest}`)) return undefined;
  const isSure = OF_OUTPUT.has(`--${nearest}`) || longs.filter((name) => isOneSlip(word, name)).length === 1;
  return isSure ? prefix + nearest : undefined;
}

/** One letter is wrong, missing or too many, or two neighbours changed places. */
function isOneSlip(word: string, meant: string): boolean {
  const shorter = Math.min(word.length, meant.length);
  let start = 0;
  while (start < shorter && word[start] === meant[start]) start++;
  let end = 0;
  while (end < shorter - start && word.at(-1 - end) === meant.at(-1 - end)) end++;
  const typed = word.slice(start, word.length - end);
  const expected = meant.slice(start, meant.length - end);
  if (typed.length <= 1 && expected.length <= 1) return true;
  return typed.length === 2 && expected.length === 2 && typed[0] === expected[1] && typed[1] === expected[0];
}
