/** Which rules matched, gathered from several isolates. */
import { expect, test } from 'vitest';
import type { FilterRule } from '../../../../src/model/filter-list.ts';
import { compileFilter } from '../../../../src/policy/filter/filter.ts';
import { RuleMatches } from '../../../../src/policy/filter/rule-matches.ts';

const RULES: readonly FilterRule[] = [
  { action: 'include', pattern: 'a.o', from: { file: 'rules', line: 1 } },
  { action: 'exclude', pattern: '*.o' },
  { action: 'exclude', pattern: '*.lgo' },
  { action: 'exclude', pattern: '*~', from: { option: 'cvs-exclude' } },
];

function ask(...paths: readonly string[]): ReturnType<RuleMatches['take']> {
  const matches = new RuleMatches();
  const watcher = matches.watcherOf('source');
  const filter = compileFilter(RULES, { side: 'source', deleteExcluded: false, above: '', watcher });
  for (const path of paths) filter?.isExcluded(path, false);
  const taken = matches.take();
  expect(matches.take()).toEqual([]);
  return taken;
}

test('each rule is told once, with the sum of its matches', () => {
  const all = new RuleMatches();
  all.add(ask('a.o', 'b.o', 'd/c.o'));
  all.add(ask('b.o', 'none'));
  expect(all.list(true)).toEqual([
    { rule: 'rules:1 "+ a.o"', hasMatched: true, names: { source: 1, destination: 0 } },
    { rule: '--exclude=*.o', hasMatched: true, names: { source: 3, destination: 0 } },
    { rule: '--exclude=*.lgo', hasMatched: false, names: { source: 0, destination: 0 } },
  ]);
  expect(all.list(false)[0]).toEqual({ rule: 'rules:1 "+ a.o"', hasMatched: true });
});

test('asking for the rule alone is no match', () => {
  const matches = new RuleMatches();
  const watcher = matches.watcherOf('destination');
  const filter = compileFilter(RULES, { side: 'destination', deleteExcluded: false, above: '', watcher });
  expect(filter?.ruleFor('b.o', false)).toBe(RULES[1]);
  expect(filter?.ruleFor('b', false)).toBeUndefined();
  expect(matches.list(true).map(({ hasMatched }) => hasMatched)).toEqual([false, false, false]);
});
