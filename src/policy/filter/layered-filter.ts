/** A filter of rules that hold everywhere, and among them lists that each directory makes its own. */
import type { ByteString } from '../../model/byte-string.ts';
import type { FilterRule } from '../../model/filter-list.ts';
import type { CompiledRules } from './compile-rules.ts';
import type { RuleWatcher } from './rule-matches.ts';
import { type Filter, filterOf } from './filter.ts';

/** Rules, or which of the lists stands here. */
export type Layer = CompiledRules | number;
export type Layers = readonly Layer[];

/** @param lists the first is number 0 */
export function layeredFilter(layers: Layers, lists: readonly Layers[], watcher?: RuleWatcher): Filter {
  const decideLayered: CompiledRules['decide'] = (path, name, isDirectory, isDoomed) =>
    decide(layers, lists, { path, name, isDirectory, isDoomed });
  return filterOf({ decide: decideLayered }, watcher);
}

interface Asked {
  readonly path: ByteString;
  readonly name: ByteString;
  readonly isDirectory: boolean;
  readonly isDoomed: boolean;
}

function decide(layers: Layers, lists: readonly Layers[], asked: Asked): FilterRule | undefined {
  const { path, name, isDirectory, isDoomed } = asked;
  for (const layer of layers) {
    const found =
      typeof layer === 'number'
        ? decide(lists[layer] ?? [], lists, asked)
        : layer.decide(path, name, isDirectory, isDoomed);
    if (found !== undefined) return found;
  }
  return undefined;
}
