/** Which filter rules decided about anything, and how often: a rule that never does is perhaps misspelt. */
import type { FilterRule } from '../../model/filter-list.ts';
import type { RuleReport } from '../../model/run/report.ts';
import type { Side } from '../../model/task.ts';
import { placedRuleText } from './rule-text.ts';

export interface RuleMatch {
  readonly rule: FilterRule;
  /** Names that it was the first to match: of the source's, and of what only the destination has. */
  readonly counts: Readonly<Record<Side, number>>;
}

/** Told by the filters of one side. */
export interface RuleWatcher {
  /** These may decide. */
  know(rules: readonly FilterRule[]): void;
  matched(rule: FilterRule): void;
}

interface Known {
  readonly rule: FilterRule;
  readonly counts: Record<Side, number>;
}

export class RuleMatches {
  /** By where they stand: a file is read again and again. */
  readonly #known = new Map<string, Known>();

  watcherOf(side: Side): RuleWatcher {
    return {
      know: (rules) => {
        for (const rule of rules) this.#of(rule);
      },
      matched: (rule) => void this.#of(rule).counts[side]++,
    };
  }

  #of(rule: FilterRule): Known {
    const key = placedRuleText(rule);
    const known = this.#known.get(key) ?? { rule, counts: { source: 0, destination: 0 } };
    this.#known.set(key, known);
    return known;
  }

  /** Leaves none. */
  take(): RuleMatch[] {
    const all = [...this.#known.values()];
    this.#known.clear();
    return all;
  }

  add(matches: readonly RuleMatch[]): void {
    for (const { rule, counts } of matches) {
      const known = this.#of(rule);
      known.counts.source += counts.source;
      known.counts.destination += counts.destination;
    }
  }

  /** For the report. @param isExact false: names may have been asked about more than once */
  list(isExact: boolean): RuleReport[] {
    return [...this.#known].flatMap(([text, { rule, counts }]) => {
      const hasMatched = counts.source + counts.destination > 0;
      if (!hasMatched && isOfCvs(rule)) return [];
      return [{ rule: text, hasMatched, ...(isExact && { names: counts }) }];
    });
  }
}

/** Nobody expects all of these to match. */
function isOfCvs({ from }: FilterRule): boolean {
  return from !== undefined && 'option' in from && from.option === 'cvs-exclude';
}
