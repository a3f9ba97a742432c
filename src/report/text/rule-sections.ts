/** `-n -v`: which filter rules matched, and which did not. */
import type { Report, RuleReport } from '../../model/run/report.ts';
import { counted, formatCount } from './quantities.ts';

/** More are rarely read. */
const MOST_RULES = 100;

export function ruleSections({ filterRules = [] }: Pick<Report, 'filterRules'>): string[][] {
  const matched = filterRules.filter(({ hasMatched }) => hasMatched);
  const others = filterRules.filter(({ hasMatched }) => !hasMatched);
  return [
    section('Filter rules that matched', matched.map(lineOf)),
    section(
      'Filter rules that matched nothing, or only what a rule before them had matched',
      others.map(({ rule }) => rule),
    ),
  ];
}

function section(title: string, rules: readonly string[]): string[] {
  if (rules.length === 0) return [];
  const shown = rules.slice(0, MOST_RULES);
  const rest = rules.length - shown.length;
  const more = rest === 0 ? [] : [`... and ${formatCount(rest)} more`];
  return [`${title}: ${formatCount(rules.length)}`, ...[...shown, ...more].map((line) => `  ${line}`)];
}

function lineOf({ rule, names }: RuleReport): string {
  if (names === undefined) return rule;
  const parts = [
    ...(names.source > 0 ? [`${counted(names.source, 'name')} in the source`] : []),
    ...(names.destination > 0 ? [`${counted(names.destination, 'name')} at the destination`] : []),
  ];
  return `${rule}: ${parts.join(', ')}`;
}
