/** Decides which paths a run leaves alone, by rsync's filter rules: the first match wins. */
import type { ByteString } from '../../model/byte-string.ts';
import type { FilterList, FilterRule, RuleTraits } from '../../model/filter-list.ts';
import type { Side } from '../../model/task.ts';
import type { RuleWatcher } from './rule-matches.ts';
import { AT_ROOT, compileRules, type CompiledRules, type RulePlace } from './compile-rules.ts';

export interface Filter {
  /**
   * `path` is relative to the root, latin1, not empty. The caller never descends into an excluded directory,
   * so paths below one are never asked about. @param isDoomed it is in a directory that is deleted
   */
  isExcluded(path: ByteString, isDirectory: boolean, isDoomed?: boolean): boolean;
  /** The rule that decides it; undefined: none matches, and so it takes part. */
  ruleFor(path: ByteString, isDirectory: boolean, isDoomed?: boolean): FilterRule | undefined;
}

/** @param watcher undefined: nobody wants to know which rules match */
export function filterOf(rules: CompiledRules, watcher?: RuleWatcher): Filter {
  const ruleFor: Filter['ruleFor'] = (path, isDirectory, isDoomed = false) =>
    rules.decide(path, path.slice(path.lastIndexOf('/') + 1), isDirectory, isDoomed);
  if (watcher !== undefined) return watchedFilter(ruleFor, watcher);
  return {
    ruleFor,
    // PERF: not through `ruleFor`: with few rules that took twice as long.
    isExcluded(path, isDirectory, isDoomed = false) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      return rules.decide(path, name, isDirectory, isDoomed)?.action === 'exclude';
    },
  };
}

function watchedFilter(ruleFor: Filter['ruleFor'], watcher: RuleWatcher): Filter {
  return {
    ruleFor,
    isExcluded(path, isDirectory, isDoomed) {
      const rule = ruleFor(path, isDirectory, isDoomed);
      if (rule !== undefined) watcher.matched(rule);
      return rule?.action === 'exclude';
    },
  };
}

/** Whose rules: those of the source hide, those of the destination protect. */
export interface RuleUse {
  readonly side: Side;
  readonly deleteExcluded: boolean;
  /** `RulePlace.above` of that side's root. */
  readonly above: ByteString;
  readonly watcher?: RuleWatcher | undefined;
}

const AT_SOURCE: RuleUse = { side: 'source', deleteExcluded: false, above: '' };

/** With `--delete-excluded` what the source hides is not protected, unless a rule says so. */
function appliesTo({ side }: RuleTraits, use: Pick<RuleUse, 'side' | 'deleteExcluded'>): boolean {
  if (side === undefined) return use.side === 'source' || !use.deleteExcluded;
  return side === 'both' || side === use.side;
}

export function rulesFor(rules: readonly FilterRule[], use: RuleUse, place: RulePlace): CompiledRules {
  const own = rules.filter((rule) => appliesTo(rule, use));
  use.watcher?.know(own);
  return compileRules(own, place);
}

/**
 * Of the rules before the first that stands for files in directories: what these say is not known here.
 * Undefined if there are none, so that callers skip the check.
 */
export function compileFilter(list: FilterList, use = AT_SOURCE): Filter | undefined {
  const rules: FilterRule[] = [];
  for (const rule of list) {
    if (rule.action === 'merge') break;
    rules.push(rule);
  }
  if (!rules.some((rule) => appliesTo(rule, use))) return undefined;
  return filterOf(rulesFor(rules, use, { ...AT_ROOT, above: use.above }), use.watcher);
}
