/** Counts what the options leave alone, and notes it where Verifying will ask for it. */
import type { ByteString } from '../../model/byte-string.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isFile, type Entry } from '../../model/entry.ts';
import { LEFT_ALONE, type LeftAloneCause } from '../../model/tally.ts';
import type { Fingerprints } from '../../engine/context/fingerprints.ts';
import type { PreparingScope } from './preparing-scope.ts';

const COUNTERS = LEFT_ALONE.preparing;

export function countLeft({ context }: PreparingScope, cause: LeftAloneCause, count = 1): void {
  context.counters.add(COUNTERS[cause], count);
}

export interface LeftName {
  readonly fingerprints: Fingerprints;
  readonly name: ByteString;
}

/** For what the destination has, or has not. */
export function leaveAlone(scope: PreparingScope, left: LeftName, cause: LeftAloneCause): void {
  countLeft(scope, cause);
  scope.decisions?.left(left.name, cause);
  left.fingerprints.addLeft(left.name);
}

export interface SameSize {
  readonly name: ByteString;
  readonly source: Entry;
  readonly differences: Differences;
}

/**
 * `--size-only`: the content of a file that is not written, whatever it is. Counted is what the quick check would have
 * written.
 */
export function leaveContent(
  scope: PreparingScope,
  fingerprints: Fingerprints | undefined,
  { name, source, differences }: SameSize,
): void {
  if (!scope.context.settings.sizeOnly || !isFile(source)) return;
  if ((differences & Difference.mtime) !== 0) {
    countLeft(scope, 'sameSize');
    scope.decisions?.left(name, 'sameSize');
  }
  fingerprints?.addLeft(name);
}
