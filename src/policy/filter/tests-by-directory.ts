/**
 * PERF: patterns with a slash, such as `a/*.o`, are tried in those directories alone where they can match: of 1,000
 * rules, a million names would try each.
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { Matcher } from './pattern.ts';

export interface IndexedTest {
  readonly index: number;
  readonly directoriesOnly: boolean;
  readonly matches: Matcher;
  /** Undefined: in every directory. */
  readonly mayMatchIn: ((directory: ByteString) => boolean) | undefined;
}

/** Fewer are tried everywhere. */
const MANY = 8;

export class TestsByDirectory {
  readonly #all: readonly IndexedTest[];
  readonly #areMany: boolean;
  /** The directory asked about last, with a slash at the end; empty: the root. */
  #directory: ByteString | undefined;
  /** Undefined: one name of it was asked about so far, which is not worth the look. */
  #here: readonly IndexedTest[] | undefined;

  /** @param all in the order of the rules */
  constructor(all: readonly IndexedTest[]) {
    this.#all = all;
    this.#areMany = all.filter(({ mayMatchIn }) => mayMatchIn !== undefined).length >= MANY;
  }

  /** In the order of the rules. */
  around(path: ByteString, name: ByteString): readonly IndexedTest[] {
    if (!this.#areMany) return this.#all;
    const length = path.length - name.length;
    if (this.#directory?.length !== length || !path.startsWith(this.#directory)) {
      this.#directory = path.slice(0, length);
      this.#here = undefined;
      return this.#all;
    }
    return (this.#here ??= this.#testsIn(this.#directory.slice(0, -1)));
  }

  #testsIn(directory: ByteString): IndexedTest[] {
    return this.#all.filter(({ mayMatchIn }) => mayMatchIn?.(directory) !== false);
  }
}
