/** Reads what one `--filter` says, with the files that it names, and the rules of `--cvs-exclude`. */
import { UsageError } from '../../model/run/errors.ts';
import { utf8Bytes } from '../../model/display-name.ts';
import type { FilterList } from '../../model/filter-list.ts';
import { cvsRules } from '../../policy/filter/cvs-rules.ts';
import { clearedList, expandRules, type ListedRule, withOrigin } from '../../policy/filter/expand-rules.ts';
import { parseRule } from '../../policy/filter/parse-rule.ts';
import type { Patience } from '../../flow/patience.ts';
import { isThere, readLists } from './list-files.ts';
import type { FilterArgument } from './options.ts';

/** What the user's own settings add for CVS. */
export interface RulesOfUser {
  /** `-C` */
  readonly cvsExclude: boolean;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export const NO_RULES_OF_USER: RulesOfUser = { cvsExclude: false, variables: {} };

/** As in rsync, `-C` stands for two rules at the end of the list. */
export function withCvsRules(
  given: readonly FilterArgument[],
  { cvsExclude }: RulesOfUser,
): readonly FilterArgument[] {
  if (!cvsExclude) return given;
  return [...given, { option: 'filter', value: ':C' }, { option: 'filter', value: '-C' }];
}

interface Reading {
  readonly from0: boolean;
  readonly patience: Patience;
  readonly user: RulesOfUser;
}

/** @throws UsageError, Interrupted, TimedOut */
export async function readRules(value: string, { from0, patience, user }: Reading): Promise<ListedRule[]> {
  if (value === '') throw new UsageError('--filter has no rule; is a variable not set?');
  const rules = expandRules(parseRule(value), from0);
  let step = rules.next();
  while (step.done !== true) {
    const wanted = step.value;
    step = rules.next(
      wanted.action === 'cvs'
        ? cvsRules(wanted, await ignoredByUser(user, patience))
        : await readLists('filter', wanted.pattern, patience),
    );
  }
  return step.value.map((rule) => withOrigin(rule, { option: 'filter' }));
}

/** Texts of `~/.cvsignore`, where there is one, and of `$CVSIGNORE`. */
async function ignoredByUser({ variables }: RulesOfUser, patience: Patience): Promise<string[]> {
  const { HOME: home = '', CVSIGNORE: ignored = '' } = variables;
  const file = utf8Bytes(`${home}/.cvsignore`);
  const lists = home !== '' && (await isThere(file)) ? await readLists('cvs-exclude', file, patience) : [];
  return [...lists.map(({ text }) => text), utf8Bytes(ignored)];
}

/** As in rsync, a second rule for files of the same name adds nothing. */
export function withoutRepeated(list: FilterList): FilterList {
  const names = new Set<string>();
  return clearedList(list).filter(({ action, pattern }) => {
    if (action !== 'merge') return true;
    const name = pattern.slice(pattern.lastIndexOf('/') + 1);
    const isNew = !names.has(name);
    names.add(name);
    return isNew;
  });
}
