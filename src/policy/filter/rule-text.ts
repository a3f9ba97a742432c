/** A rule as it would be typed. */
import { displayName } from '../../model/display-name.ts';
import type { Shown } from '../../model/byte-string.ts';
import type { DirectoryRules, FilterRule, RuleStyle, RuleTraits } from '../../model/filter-list.ts';

/** `--exclude=PATTERN`, `--filter=-s PATTERN`. */
export function ruleText(rule: FilterRule | DirectoryRules): Shown {
  const pattern = displayName(rule.pattern);
  if (rule.action === 'merge') {
    return `--filter=:${rule.isInherited ? '' : 'n'}${modifiersOf(rule.style)}${ofStyle(rule.style)} ${pattern}`;
  }
  const modifiers = modifiersOf(rule) + (rule.isNegated === true ? '!' : '');
  if (modifiers === '') return `--${rule.action}=${pattern}`;
  return `--filter=${rule.action === 'include' ? '+' : '-'}${modifiers} ${pattern}`;
}

/** With the place where it stands: `rules:3 "- *.log"`, `--exclude=*.log`, `--filter="-s *.log"`. */
export function placedRuleText(rule: FilterRule): Shown {
  const { from } = rule;
  if (from === undefined) return ruleText(rule);
  const text = `"${signedText(rule)}"`;
  if ('option' in from) return from.option === 'filter' ? `--filter=${text}` : `--${from.option} ${text}`;
  const where = from.side === undefined ? '' : ` (in the ${from.side})`;
  return `${from.file === '-' ? 'standard input' : displayName(from.file)}:${from.line}${where} ${text}`;
}

/** As in a file of rules. */
function signedText(rule: FilterRule): Shown {
  const modifiers = modifiersOf(rule) + (rule.isNegated === true ? '!' : '');
  return `${rule.action === 'include' ? '+' : '-'}${modifiers} ${displayName(rule.pattern)}`;
}

const SIDE_LETTERS = { source: 's', destination: 'r', both: 'sr' } as const;

function modifiersOf({ side, isAbsolute, isPerishable }: RuleTraits): string {
  const letters = side === undefined ? '' : SIDE_LETTERS[side];
  return letters + (isAbsolute === true ? '/' : '') + (isPerishable === true ? 'p' : '');
}

function ofStyle({ bare, isWords }: RuleStyle): string {
  const sign = bare === undefined ? '' : bare === 'include' ? '+' : '-';
  return sign + (isWords === true ? 'w' : '');
}
