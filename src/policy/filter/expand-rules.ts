/** From texts of rules to one list, with the rules of each file that they name in its place. */
import type {
  DirectoryRules,
  FilterList,
  FilterRule,
  RuleOrigin,
  RuleStyle,
} from '../../model/filter-list.ts';
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import { parseRule, type CvsRules, type MergedFile, type ParsedRule } from './parse-rule.ts';

/** `clear` takes back all before it. */
export type ListedRule = FilterRule | DirectoryRules | 'clear';

/** The text of a file of rules, and what to call it. */
export interface RuleFile {
  readonly text: string;
  readonly name: string;
  /** Of all its rules; undefined: each is in its line. */
  readonly from?: RuleOrigin;
}

/** What the caller is asked for while a list is made: the files to read, or the rules of CVS. */
export type Wanted = MergedFile | CvsRules;
export type Answer = readonly RuleFile[] | FilterList;

/** More of them are taken for files that name each other. */
const DEEPEST = 50;

/** Yields what it needs to know. @throws UsageError */
export function* expandRules(
  rules: readonly ParsedRule[],
  from0: boolean,
  depth = 0,
): Generator<Wanted, ListedRule[], Answer> {
  const listed: ListedRule[] = [];
  for (const rule of rules) {
    if (rule === 'clear') listed.push(rule);
    else if (rule.action === 'cvs') listed.push(...((yield rule) as FilterList));
    else if (rule.action !== 'read') listed.push(rule);
    else {
      if (depth === DEEPEST) {
        throw new UsageError(`the file of rules "${displayName(rule.pattern)}" leads to itself`);
      }
      const files = (yield rule) as readonly RuleFile[];
      for (const file of files) {
        const parsed = parseRules(file, rule.style, from0);
        for (const each of yield* expandRules(parsed, from0, depth + 1)) listed.push(each);
      }
    }
  }
  return listed;
}

/** @throws UsageError that names file and line */
export function parseRules({ text, name, from }: RuleFile, style: RuleStyle, from0: boolean): ParsedRule[] {
  const rules: ParsedRule[] = [];
  for (const [index, line] of text.split(from0 ? '\0' : /\r\n|\r|\n/).entries()) {
    // rsync reads C strings: a stray NUL ends the rule.
    const rule = line.replace(/\0.*/s, '');
    const isComment = style.isWords !== true && /^[#;]/.test(rule);
    const words = style.isWords === true ? rule.split(/[\t-\r ]+/) : [rule];
    for (const word of isComment ? [] : words) {
      if (word === '') continue;
      try {
        const origin = from ?? { file: name, line: index + 1 };
        rules.push(...parseRule(word, style).map((each) => withOrigin(each, origin)));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        throw new UsageError(`${displayName(name)}, line ${index + 1}: ${error.message}`, { cause: error });
      }
    }
  }
  return rules;
}

/** Rules that have an origin keep it. */
export function withOrigin(rule: ListedRule, from: RuleOrigin): ListedRule;
export function withOrigin(rule: ParsedRule, from: RuleOrigin): ParsedRule;
export function withOrigin(rule: ParsedRule, from: RuleOrigin): ParsedRule {
  if (rule === 'clear' || rule.action === 'merge' || rule.action === 'read' || rule.action === 'cvs')
    return rule;
  return { from, ...rule };
}

/** What is left after each `clear`. */
export function clearedList(rules: readonly ListedRule[]): FilterList {
  const after = rules.slice(rules.lastIndexOf('clear') + 1);
  return after.filter((rule) => rule !== 'clear');
}
