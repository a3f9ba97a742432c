/** Whether a run has anything to do with a directory of the destination, by its filter rules and its list of paths. */
import type { Filter } from './filter.ts';
import type { PathSelection } from './path-selection.ts';

export interface Rules {
  readonly filter: Filter | undefined;
  readonly selection: PathSelection | undefined;
}

/** @param directoryPath relative to the root, latin1, not empty */
export function takesPart(directoryPath: string, rules: Rules): boolean {
  const names = directoryPath.split('/');
  return names.every((name, index) => isEntered({ parent: names.slice(0, index).join('/'), name }, rules));
}

function isEntered(
  { parent, name }: { parent: string; name: string },
  { filter, selection }: Rules,
): boolean {
  const path = parent === '' ? name : `${parent}/${name}`;
  if (selection !== undefined) {
    if (!selection.isWhole(parent) && !selection.childrenOf(parent).includes(name)) return false;
    if (selection.isOnTheWay(path)) return true;
  }
  return filter?.isExcluded(path, true) !== true;
}
