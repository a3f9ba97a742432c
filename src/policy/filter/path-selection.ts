/**
 * Which paths a --files-from list selects: lets a walk visit these and nothing else. One sorted array of
 * strings, searched in halves: a million paths cost 2 s and 100 MB, just as a trie of Maps would.
 * NUL, which no name holds and which sorts lowest, stands before each component instead of a slash, so
 * that everything below a directory is one run of the array.
 */

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

/** `paths` as `parseFilesFrom` gives them; the root's path is empty everywhere else. */
export function selectPaths(paths: readonly string[], recursive: boolean): PathSelection {
  const keys = prepareKeys(paths, recursive);

  const isWhole = (directoryPath: string): boolean => {
    const key = keyOf(directoryPath);
    if (!recursive) return has(keys, `${key}\0`);
    const nearest = keys[lowerBound(keys, `${key}\0`) - 1];
    return nearest !== undefined && (key === nearest || key.startsWith(`${nearest}\0`));
  };

  return {
    isWhole,
    childrenOf: (directoryPath) => childNames(keys, `${keyOf(directoryPath)}\0`),
    isOnTheWay: (directoryPath) => hasBelow(keys, `${keyOf(directoryPath)}\0`),
  };
}

/** Sorted, each once and, when recursive, without what is below another: it would hide that from a search. */
function prepareKeys(paths: readonly string[], recursive: boolean): readonly string[] {
  const sorted = paths.map((path) => listedKey(path, recursive)).toSorted();
  const kept: string[] = [];
  for (const key of sorted) {
    const last = kept.at(-1);
    const isCovered = last !== undefined && recursive && key.startsWith(`${last}\0`);
    if (key !== last && !isCovered) kept.push(key);
  }
  return kept;
}

/** A trailing slash of the path becomes a trailing NUL; recursion makes it meaningless. */
function listedKey(path: string, recursive: boolean): string {
  const key = path === '.' ? '\0' : keyOf(path);
  return recursive && key.endsWith('\0') ? key.slice(0, -1) : key;
}

function keyOf(path: string): string {
  return path === '' ? '' : `\0${path.replaceAll('/', '\0')}`;
}

function childNames(keys: readonly string[], prefix: string): string[] {
  const names: string[] = [];
  let index = firstBelow(keys, prefix);
  const end = lowerBound(keys, `${prefix.slice(0, -1)}\x01`);
  while (index < end) {
    const child = pathToChild(keys[index]!, prefix.length);
    names.push(child.slice(prefix.length));
    // Past everything below the child.
    index = lowerBound(keys, `${child}\x01`);
  }
  return names;
}

function hasBelow(keys: readonly string[], prefix: string): boolean {
  return keys[firstBelow(keys, prefix)]?.startsWith(prefix) === true;
}

/** Past the directory itself, which is the prefix where it was listed with a trailing slash. */
function firstBelow(keys: readonly string[], prefix: string): number {
  const index = lowerBound(keys, prefix);
  return keys[index] === prefix ? index + 1 : index;
}

/** The key cut after the component that starts at `start`. */
function pathToChild(key: string, start: number): string {
  const end = key.indexOf('\0', start);
  return end === -1 ? key : key.slice(0, end);
}

function has(keys: readonly string[], key: string): boolean {
  return keys[lowerBound(keys, key)] === key;
}

/** Index of the first key that is not less. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
