/**
 * PERF: many patterns such as `*.o`, `core.*` and `a/b` are found by a lookup of each length that they have, not one
 * after the other: of 1,000 rules a million names would try each.
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { PartOfPath, Pattern } from './pattern.ts';

type TestPattern = Extract<Pattern, { readonly kind: 'test' }>;

/** Fewer are tried one after the other. */
const MANY = 8;

/** Which of the patterns are worth a lookup. */
export function manyAlike(patterns: readonly Pattern[]): (pattern: TestPattern) => boolean {
  const counts = { start: 0, end: 0, tail: 0 };
  for (const pattern of patterns) if (pattern.kind === 'test' && pattern.part) counts[pattern.part.of]++;
  return ({ part }) => part !== undefined && counts[part.of] >= MANY;
}

/** Patterns of one kind and length: the index of the first rule for each text. */
interface Alike {
  readonly of: PartOfPath['of'];
  /** In bytes; of a tail, in slashes. */
  readonly length: number;
  readonly forFiles: Map<string, number>;
  readonly forDirectories: Map<string, number>;
}

const NONE = 2 ** 31 - 1;

export class PartRules {
  readonly #alike: Alike[] = [];

  get isEmpty(): boolean {
    return this.#alike.length === 0;
  }

  add({ part, directoriesOnly }: TestPattern, index: number): void {
    if (part === undefined) return;
    const { forFiles, forDirectories } = this.#alikeOf(part);
    if (!forDirectories.has(part.text)) forDirectories.set(part.text, index);
    if (!directoriesOnly && !forFiles.has(part.text)) forFiles.set(part.text, index);
  }

  /** Past every rule if none matches. */
  first(path: ByteString, name: ByteString, isDirectory: boolean): number {
    let first = NONE;
    for (const { of, length, forFiles, forDirectories } of this.#alike) {
      const rules = isDirectory ? forDirectories : forFiles;
      if (of !== 'tail' && name.length < length) continue;
      const key =
        of === 'start'
          ? name.slice(0, length)
          : of === 'end'
            ? name.slice(name.length - length)
            : tailOf(path, length);
      const index = key === undefined ? undefined : rules.get(key);
      if (index !== undefined && index < first) first = index;
    }
    return first;
  }

  #alikeOf({ of, text }: PartOfPath): Alike {
    const length = of === 'tail' ? text.split('/').length - 1 : text.length;
    const known = this.#alike.find((each) => each.of === of && each.length === length);
    if (known !== undefined) return known;
    const made = {
      of,
      length,
      forFiles: new Map<string, number>(),
      forDirectories: new Map<string, number>(),
    };
    this.#alike.push(made);
    return made;
  }
}

/** The last components; undefined if it has fewer. */
function tailOf(path: ByteString, slashes: number): string | undefined {
  let start = path.length;
  for (let count = 0; count <= slashes; count++) {
    if (start < 0) return undefined;
    start = path.lastIndexOf('/', start - 1);
    if (start === -1) return count === slashes ? path : undefined;
  }
  return path.slice(start + 1);
}
