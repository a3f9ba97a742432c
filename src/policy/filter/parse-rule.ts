/** The syntax of one rule as `--filter` takes it: a name or a sign, modifiers, and a pattern or a file. */
import type { DirectoryRules, FilterRule, RuleStyle, RuleTraits } from '../../model/filter-list.ts';
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';

/** Another file of rules, which stand in its place. */
export interface MergedFile {
  readonly action: 'read';
  readonly pattern: string;
  readonly style: RuleStyle;
}

/** `-C`: the rules of CVS stand in its place. */
export interface CvsRules {
  readonly action: 'cvs';
  readonly traits: Omit<FilterRule, 'pattern'>;
}

export type ParsedRule = FilterRule | DirectoryRules | MergedFile | CvsRules | 'clear';

const PLAIN_STYLE: RuleStyle = {};

const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ['clear', '!'],
  ['dir-merge', ':'],
  ['exclude', '-'],
  ['hide', 'H'],
  ['include', '+'],
  ['merge', '.'],
  ['protect', 'P'],
  ['risk', 'R'],
  ['show', 'S'],
]);

const ACTIONS: ReadonlyMap<string, FilterRule['action']> = new Map([
  ['+', 'include'],
  ['-', 'exclude'],
  ['S', 'include'],
  ['H', 'exclude'],
  ['R', 'include'],
  ['P', 'exclude'],
]);

const SIDES: ReadonlyMap<string, RuleTraits['side']> = new Map([
  ['S', 'source'],
  ['H', 'source'],
  ['R', 'destination'],
  ['P', 'destination'],
]);

const CVS_FILE = '.cvsignore';

/** @param text not empty @param style of the file that it stands in @throws UsageError */
export function parseRule(text: string, style: RuleStyle = PLAIN_STYLE): ParsedRule[] {
  if (style.bare !== undefined) {
    if (text === '!' && style.isCvs === true) return ['clear'];
    return [{ action: style.bare, pattern: text, ...traitsOf(style) }];
  }
  const { kind, rest } = readKind(text);
  if (kind === '!') {
    if (rest !== '') throw wrong(text, 'has something after its "!", which clears the list');
    return ['clear'];
  }
  const end = rest.search(/[ _]/);
  const modifiers = readModifiers(text, kind, end < 0 ? rest : rest.slice(0, end));
  const given = end < 0 ? '' : rest.slice(end + 1);
  const pattern = given === '' && modifiers.has('C') ? CVS_FILE : given;
  if (pattern === '') throw wrong(text, 'has no pattern');
  const traits = traitsWithin(text, style, sideOf(kind, modifiers), modifiers);
  if (kind === '.' || kind === ':') return mergeOf(kind, pattern, { modifiers, traits });
  const action = ACTIONS.get(kind) as FilterRule['action'];
  const negated = modifiers.has('!') ? { isNegated: true as const } : {};
  if (modifiers.has('C')) return [{ action: 'cvs', traits: { action, ...traits, ...negated } }];
  return [{ action, pattern, ...traits, ...negated }];
}

/** `exclude,! x`, `-! x`, `-,! x`: a comma may part the name from the modifiers. */
function readKind(text: string): { kind: string; rest: string } {
  const long = /^(clear|dir-merge|exclude|hide|include|merge|protect|risk|show)(?=[\s_,]|$)/.exec(text)?.[1];
  const kind = long === undefined ? text.charAt(0) : (LONG_NAMES.get(long) as string);
  if (long === undefined && !'!:.+-HSPR'.includes(kind)) {
    throw wrong(text, `begins with none of ${[...LONG_NAMES.keys()].join(', ')} or their signs`);
  }
  const rest = text.slice(long === undefined ? 1 : long.length);
  return { kind, rest: rest.startsWith(',') ? rest.slice(1) : rest };
}

function readModifiers(text: string, kind: string, letters: string): ReadonlySet<string> {
  const isMerge = kind === '.' || kind === ':';
  const known = isMerge ? '+-/Cenprsw' : SIDES.has(kind) ? '/!p' : '/!Cprs';
  for (const letter of letters) {
    if (!known.includes(letter)) throw wrong(text, `cannot have the modifier "${displayName(letter)}"`);
  }
  const modifiers = new Set(letters);
  if (['+', '-', 'C'].filter((each) => isMerge && modifiers.has(each)).length > 1) {
    throw wrong(text, 'has more than one of the modifiers +, - and C');
  }
  return modifiers;
}

function sideOf(kind: string, modifiers: ReadonlySet<string>): RuleTraits['side'] {
  if (modifiers.has('s') && modifiers.has('r')) return 'both';
  if (modifiers.has('s')) return 'source';
  return modifiers.has('r') ? 'destination' : SIDES.get(kind);
}

/** With those of the file that the rule stands in. */
function traitsWithin(
  text: string,
  style: RuleStyle,
  own: RuleTraits['side'],
  modifiers: ReadonlySet<string>,
): RuleTraits {
  if (own !== undefined && style.side !== undefined) {
    throw wrong(text, 'is of one side, and so is the file that it stands in');
  }
  return traitsOf({
    side: own ?? style.side,
    isAbsolute: style.isAbsolute ?? (modifiers.has('/') || undefined),
    isPerishable: style.isPerishable ?? (modifiers.has('p') || undefined),
  });
}

type Given<T> = { readonly [Key in keyof T]: T[Key] | undefined };

/** Without what is undefined. */
function traitsOf({ side, isAbsolute, isPerishable }: Given<RuleTraits>): RuleTraits {
  return {
    ...(side !== undefined && { side }),
    ...(isAbsolute === true && { isAbsolute }),
    ...(isPerishable === true && { isPerishable }),
  };
}

function mergeOf(
  kind: '.' | ':',
  pattern: string,
  { modifiers, traits }: { modifiers: ReadonlySet<string>; traits: RuleTraits },
): ParsedRule[] {
  const isCvs = modifiers.has('C');
  const bare = modifiers.has('+') ? 'include' : modifiers.has('-') || isCvs ? 'exclude' : undefined;
  const style: RuleStyle = {
    ...traits,
    ...(bare !== undefined && { bare }),
    ...((isCvs || modifiers.has('w')) && { isWords: true }),
    ...(isCvs && { isCvs: true }),
  };
  const name = pattern.slice(pattern.lastIndexOf('/') + 1);
  const self: ParsedRule[] = modifiers.has('e') ? [{ action: 'exclude', pattern: name }] : [];
  if (kind === '.') return [...self, { action: 'read', pattern, style }];
  return [...self, { action: 'merge', pattern, style, isInherited: !(isCvs || modifiers.has('n')) }];
}

function wrong(text: string, why: string): UsageError {
  return new UsageError(`the filter rule "${displayName(text)}" ${why}`);
}
