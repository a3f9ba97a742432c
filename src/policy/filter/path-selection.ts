/** Which paths a --files-from list selects: lets a walk visit these and nothing else. */
import { KeySearch } from './key-search.ts';
import type { PathKeys } from '../../model/path-keys.ts';
import { keyOf } from './path-keys.ts';

export interface PathSelection {
  /** Names to visit in a directory, sorted by bytes: listed, or on the way to a listed path. */
  childrenOf(directoryPath: string): readonly string[];
  /**
   * Every child is selected: the directory was listed with a trailing slash, or it or a directory above
   * it was listed and the selection is recursive. Ask again for each directory below.
   */
  isWhole(directoryPath: string): boolean;
  /** A path below it was listed: as in rsync, no filter rule keeps the walk from it. */
  isOnTheWay(directoryPath: string): boolean;
}

/** `packed` for the same `recursive`; the root's path is empty. */
export function selectPaths(packed: PathKeys, recursive: boolean): PathSelection {
  const keys = new KeySearch(packed);

  const isWhole = (directoryPath: string): boolean => {
    const key = keyOf(directoryPath);
    if (!recursive) return keys.has(`${key}\0`);
    const nearest = keys.at(keys.lowerBound(`${key}\0`) - 1);
    return nearest !== undefined && (key === nearest || key.startsWith(`${nearest}\0`));
  };

  return {
    isWhole,
    childrenOf: (directoryPath) => childNames(keys, `${keyOf(directoryPath)}\0`),
    isOnTheWay: (directoryPath) => hasBelow(keys, `${keyOf(directoryPath)}\0`),
  };
}

/** That name alone, in whichever directory is asked for. */
export function selectName(name: string): PathSelection {
  return { childrenOf: () => [name], isWhole: () => false, isOnTheWay: () => false };
}

function childNames(keys: KeySearch, prefix: string): string[] {
  const names: string[] = [];
  let index = firstBelow(keys, prefix);
  for (;;) {
    const key = keys.at(index);
    if (key?.startsWith(prefix) !== true) return names;
    const child = pathToChild(key, prefix.length);
    names.push(child.slice(prefix.length));
    // Past everything below the child.
    index = keys.lowerBound(`${child}\x01`, index + 1);
  }
}

function hasBelow(keys: KeySearch, prefix: string): boolean {
  return keys.at(firstBelow(keys, prefix))?.startsWith(prefix) === true;
}

/** Past the directory itself, which is the prefix where it was listed with a trailing slash. */
function firstBelow(keys: KeySearch, prefix: string): number {
  const index = keys.lowerBound(prefix);
  return keys.at(index) === prefix ? index + 1 : index;
}

/** The key cut after the component that starts at `start`. */
function pathToChild(key: string, start: number): string {
  const end = key.indexOf('\0', start);
  return end === -1 ? key : key.slice(0, end);
}
