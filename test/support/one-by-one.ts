/** What filter rules say, each tried by itself. */
import type { FilterRule } from '../../src/model/filter-list.ts';
import { compileFilter } from '../../src/policy/filter/filter.ts';

/** The first rule that matches decides. A list of one rule is too short for any lookup. */
export function isExcluded(rules: readonly FilterRule[], path: string, isDirectory: boolean): boolean {
  const first = rules.find(({ pattern: only }) =>
    compileFilter([{ action: 'exclude', pattern: only }])?.isExcluded(path, isDirectory),
  );
  return first?.action === 'exclude';
}
