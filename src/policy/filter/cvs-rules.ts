/** What CVS leaves out: its own list, which rsync has extended, and what the user adds to it. */
import type { FilterRule } from '../../model/filter-list.ts';
import { clearedList, type ListedRule, parseRules } from './expand-rules.ts';
import type { CvsRules } from './parse-rule.ts';

const BUILT_IN = `RCS SCCS CVS CVS.adm RCSLOG cvslog.* tags TAGS .make.state .nse_depinfo *~ #* .#* ,* _$* *$
*.old *.bak *.BAK *.orig *.rej .del-* *.a *.olb *.o *.obj *.so *.exe *.Z *.elc *.ln core
.svn/ .git/ .hg/ .bzr/`;

const FROM = { option: 'cvs-exclude' } as const;

/** @param added texts of ~/.cvsignore and $CVSIGNORE @throws UsageError */
export function cvsRules({ traits }: CvsRules, added: readonly string[]): readonly FilterRule[] {
  const { action, isNegated, ...rest } = traits;
  const style = { ...rest, bare: action, isWords: true, isCvs: true } as const;
  const listed = [
    ...parseRules({ text: BUILT_IN, name: '', from: FROM }, { ...style, isPerishable: true }, false),
    ...added.flatMap((text) => parseRules({ text, name: '', from: FROM }, style, false)),
  ];
  // The style makes them all patterns.
  const rules = clearedList(listed as ListedRule[]) as readonly FilterRule[];
  return isNegated === true ? rules.map((rule) => ({ ...rule, isNegated })) : rules;
}
