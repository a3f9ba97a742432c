/** Decides which paths a run leaves alone, by rsync's filter rules: the first match wins. */
import type { ByteString } from '../../model/byte-string.ts';
import type { FilterRule } from '../../model/settings.ts';
import { compilePattern, type Matcher } from './pattern.ts';

export interface Filter {
  /**
   * `path` is relative to the root, latin1, not empty. The caller never descends into an excluded directory,
   * so paths below one are never asked about.
   */
  isExcluded(path: ByteString, isDirectory: boolean): boolean;
}

interface IndexedTest {
  readonly index: number;
  readonly directoriesOnly: boolean;
  readonly matches: Matcher;
}

/** Index past every rule: no literal rule matches. */
const NONE = 2 ** 31 - 1;

/** The index of the first rule for each literal text. */
type FirstRules = Map<string, number>;

interface LiteralRules {
  readonly name: FirstRules;
  readonly path: FirstRules;
}

/** Undefined if there are no rules, so that callers skip the check. */
export function compileFilter(rules: readonly FilterRule[]): Filter | undefined {
  if (rules.length === 0) return undefined;
  const { forFiles, forDirectories, tests } = sortRules(rules);
  return {
    isExcluded(path, isDirectory) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      let first = firstLiteral(isDirectory ? forDirectories : forFiles, path, name);
      for (const test of tests) {
        if (test.index > first) break;
        if ((isDirectory || !test.directoriesOnly) && test.matches(path, name, isDirectory))
          first = test.index;
      }
      return rules[first]?.action === 'exclude';
    },
  };
}

/** PERF: literal rules are looked up in a map: 10,000 of them cost an entry 0.4 µs, as much as one rule. */
function sortRules(rules: readonly FilterRule[]): {
  forFiles: LiteralRules;
  forDirectories: LiteralRules;
  tests: IndexedTest[];
} {
  const forFiles: LiteralRules = { name: new Map(), path: new Map() };
  const forDirectories: LiteralRules = { name: new Map(), path: new Map() };
  const tests: IndexedTest[] = [];
  for (const [index, rule] of rules.entries()) {
    const pattern = compilePattern(rule.pattern);
    if (pattern.kind === 'test') {
      tests.push({ index, directoriesOnly: pattern.directoriesOnly, matches: pattern.matches });
    } else {
      addFirst(forDirectories[pattern.kind], pattern.text, index);
      if (!pattern.directoriesOnly) addFirst(forFiles[pattern.kind], pattern.text, index);
    }
  }
  return { forFiles, forDirectories, tests };
}

function addFirst(firstRules: FirstRules, text: string, index: number): void {
  if (!firstRules.has(text)) firstRules.set(text, index);
}

function firstLiteral(literals: LiteralRules, path: ByteString, name: ByteString): number {
  return Math.min(lookUp(literals.name, name), lookUp(literals.path, path));
}

function lookUp(firstRules: FirstRules, text: string): number {
  // PERF: skips an empty map: a lookup hashes the new string first, which takes 0.1 µs.
  return firstRules.size === 0 ? NONE : (firstRules.get(text) ?? NONE);
}
