/** The list of changes on standard output: `-i`, `-v` and dry runs. */
import { itemizedLine, verboseLine } from '../format/sentences.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';

export function createChangeList(screen: Screen, listing: 'itemized' | 'paths'): PartialReporter {
  const lineOf = listing === 'itemized' ? itemizedLine : verboseLine;
  return { changed: (change) => screen.out(`${lineOf(change)}\n`) };
}
