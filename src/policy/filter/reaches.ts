/** Whether a walk comes to a directory, as far as filter rules and a --files-from list tell. */
import type { Settings } from '../../model/settings.ts';
import type { Side } from '../../model/task.ts';
import { compileFilter } from './filter.ts';
import { selectPaths } from './path-selection.ts';

type Rules = Pick<Settings, 'filters' | 'filesFrom' | 'filesFromRecursive' | 'deleteExcluded'>;

/** @param path relative to the root of that side, which is always walked */
export function reachesBy(rules: Rules, side: Side): (path: string) => boolean {
  // With --delete-excluded what is excluded at the destination is not protected.
  const isFiltered = side === 'source' || !rules.deleteExcluded;
  const filter = isFiltered ? compileFilter(rules.filters) : undefined;
  const selection =
    rules.filesFrom === undefined ? undefined : selectPaths(rules.filesFrom, rules.filesFromRecursive);
  return (path) => {
    let above = '';
    for (const name of path === '' ? [] : path.split('/')) {
      const at = above === '' ? name : `${above}/${name}`;
      const isSelected =
        selection === undefined || selection.isWhole(above) || selection.childrenOf(above).includes(name);
      if (!isSelected) return false;
      if (selection?.isOnTheWay(at) !== true && filter?.isExcluded(at, true) === true) return false;
      above = at;
    }
    return true;
  };
}
