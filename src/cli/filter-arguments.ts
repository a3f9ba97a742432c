/** The four filter options and `--files-from`: what they name is read, in the order given. */
import { UsageError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import type { FilterRule } from '../model/settings.ts';
import { parseFilesFrom } from '../policy/filter/files-from.ts';
import { withRule, withRuleFile } from '../policy/filter/rule-file.ts';
import { readLists } from './list-files.ts';
import type { FilterArgument } from './options.ts';

export function resolveFilters(
  filterArguments: readonly FilterArgument[],
  from0: boolean,
): readonly FilterRule[] {
  let rules: readonly FilterRule[] = [];
  for (const { option, value } of filterArguments) {
    const action = option.startsWith('include') ? 'include' : 'exclude';
    if (option === action) {
      rules = withRule(rules, value, action);
      continue;
    }
    for (const { text, name } of readLists(option, value)) {
      rules = namingList(option, name, () => withRuleFile(rules, text, { action, from0 }));
    }
  }
  return Object.freeze(rules);
}

export function resolveFilesFrom(value: string | undefined, from0: boolean): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const lists = readLists('files-from', value);
  return Object.freeze(
    lists.flatMap(({ text, name }) => namingList('files-from', name, () => parseFilesFrom(text, from0))),
  );
}

/** A parser knows the line; which list it is in is known here. */
function namingList<Value>(option: string, name: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError(`--${option}=${displayName(name)}: ${error.message}`);
    throw error;
  }
}
