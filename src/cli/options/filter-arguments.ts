/** Resolves the four filter options and `--files-from`: reads the files they name, in the order given. */
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { PathKeys, FilterRule } from '../../model/settings.ts';
import { parseFilesFrom, withRule, withRuleFile } from '../../policy/filter/parse-lists.ts';
import { packPaths } from '../../policy/filter/path-keys.ts';
import { openLists, readLists } from './list-files.ts';
import type { FilterArgument } from './options.ts';
import type { Patience } from '../../flow/patience.ts';

/** @throws UsageError, Interrupted, TimedOut */
export async function resolveFilters(
  filterArguments: readonly FilterArgument[],
  from0: boolean,
  patience: Patience,
): Promise<readonly FilterRule[]> {
  let rules: readonly FilterRule[] = [];
  for (const { option, value } of filterArguments) {
    const action = option.startsWith('include') ? 'include' : 'exclude';
    if (option === action) {
      rules = withRule(rules, value, action);
      continue;
    }
    for (const { text, name } of await readLists(option, value, patience)) {
      rules = namingList(option, name, () => withRuleFile(rules, text, { action, from0 }));
    }
  }
  return Object.freeze(rules);
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
