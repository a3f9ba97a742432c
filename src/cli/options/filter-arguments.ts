/** Resolves the filter options and `--files-from`: reads the files they name, in the order given. */
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { PathKeys } from '../../model/listed-paths.ts';
import type { FilterList } from '../../model/filter-list.ts';
import { parseFilesFrom, withRule, withRuleFile } from '../../policy/filter/parse-lists.ts';
import { clearedList } from '../../policy/filter/expand-rules.ts';
import { packPaths } from '../../policy/filter/path-keys.ts';
import {
  NO_RULES_OF_USER,
  readRules,
  type RulesOfUser,
  withCvsRules,
  withoutRepeated,
} from './filter-rules.ts';
import { openLists, readLists } from './list-files.ts';
import type { FilterArgument } from './options.ts';
import type { Patience } from '../../flow/patience.ts';

/** @throws UsageError, Interrupted, TimedOut */
export async function resolveFilters(
  filterArguments: readonly FilterArgument[],
  from0: boolean,
  patience: Patience,
  user: RulesOfUser = NO_RULES_OF_USER,
): Promise<FilterList> {
  let rules: FilterList = [];
  for (const { option, value } of withCvsRules(filterArguments, user)) {
    if (option === 'filter') {
      rules = clearedList([...rules, ...(await readRules(value, { from0, patience, user }))]);
      continue;
    }
    const action = option.startsWith('include') ? 'include' : 'exclude';
    if (option === action) {
      rules = withRule(rules, value, action);
      continue;
    }
    for (const { text, name } of await readLists(option, value, patience)) {
      rules = namingList(option, name, () => withRuleFile(rules, text, { action, from0, file: name }));
    }
  }
  return Object.freeze(withoutRepeated(rules));
}

/** @throws UsageError, Interrupted, TimedOut */
export async function resolveFilesFrom(
  value: string | undefined,
  { from0, recursive }: { from0: boolean; recursive: boolean },
  patience: Patience,
): Promise<PathKeys | undefined> {
  if (value === undefined) return undefined;
  return packPaths(listedPaths(await openLists('files-from', value, patience), from0), recursive);
}

function* listedPaths(
  lists: readonly { name: string; parts: Iterable<string> }[],
  from0: boolean,
): Iterable<string> {
  for (const { name, parts } of lists) {
    const paths = parseFilesFrom(parts, from0)[Symbol.iterator]();
    const next = () => namingList('files-from', name, () => paths.next());
    for (let path = next(); path.done !== true; path = next()) yield path.value;
  }
}

/** Adds the list's name to an error: the parser knows only the line. */
function namingList<Value>(option: string, name: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    // A read error already says which list and why.
    if (error instanceof UsageError && error.cause === undefined)
      throw new UsageError(`--${option}=${displayName(name)}: ${error.message}`);
    throw error;
  }
}
