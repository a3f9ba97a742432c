/** Which paths a --files-from list or -R selects, so that a walk visits these and nothing else. */
import type { ByteString } from '../../model/byte-string.ts';
import { keyOf, KeySearch, packPaths, pathOf } from './path-keys.ts';
import type { PathKeys, RepairPaths } from '../../model/listed-paths.ts';
import type { Settings } from '../../model/settings.ts';
import type { Side } from '../../model/task.ts';
import { compileFilter, type Filter } from './filter.ts';

export interface PathSelection {
  /** Names to visit in a directory, sorted bytewise: listed paths, and parents of listed paths. */
  childrenOf(directoryPath: ByteString): readonly string[];
  /**
   * Every child is selected: the directory was listed with a trailing slash, or the selection is recursive
   * and the directory or a parent was listed. As in rsync, an excluded directory ends that, even if the walk
   * enters it for a listed path below. Ask again for each directory below.
   */
  isWhole(directoryPath: ByteString): boolean;
  isListed(path: ByteString): boolean;
  /** A path below it was listed: as in rsync, no filter rule stops the walk there. */
  isOnTheWay(directoryPath: ByteString): boolean;
  /** Each path once, sorted bytewise. */
  listedBelow(directoryPath: ByteString): Iterable<string>;
  /** The destination's root has its own metadata, as in rsync: it need not correspond to the source's. */
  readonly leavesRoot: boolean;
  /** Only of a round that repairs, whose paths are known to have taken part: what it may delete. */
  readonly mayDelete?: (path: ByteString) => boolean;
}

/**
 * @param packed for the same `recursive`; the root's path is empty
 * @param isExcluded whether the filter rules exclude a directory
 */
export function selectPaths(
  packed: PathKeys,
  recursive: boolean,
  isExcluded: (directoryPath: ByteString) => boolean = () => false,
): PathSelection {
  const keys = new KeySearch(packed);

  const isWholeAt = (path: ByteString): boolean => {
    if (!recursive) return keys.has(`${keyOf(path)}\0`) && (path === '' || !isExcluded(path));
    let isWhole = keys.has('');
    for (let end = 0; end < path.length; end++) {
      const next = path.indexOf('/', end);
      end = next === -1 ? path.length : next;
      const above = path.slice(0, end);
      isWhole = (isWhole || keys.has(keyOf(above))) && !isExcluded(above);
    }
    return isWhole;
  };

  return {
    isWhole: isWholeAt,
    childrenOf: (directoryPath) => childNames(keys, `${keyOf(directoryPath)}\0`),
    isListed: (path) => keys.has(keyOf(path)) || keys.has(`${keyOf(path)}\0`),
    isOnTheWay: (directoryPath) => hasBelow(keys, `${keyOf(directoryPath)}\0`),
    listedBelow: (directoryPath) => pathsBelow(keys, `${keyOf(directoryPath)}\0`),
    leavesRoot: !isWholeAt(''),
  };
}

/** Of what is selected, only these paths, and the directories that lead to them; undefined: of everything. */
function selectRepairs(
  all: PathSelection | undefined,
  { single, trees, extraneous }: RepairPaths,
): PathSelection {
  const [singles, wholes] = [selectPaths(single, false), selectPaths(trees, true)];
  const doomed = selectPaths(extraneous, false);
  const isAllOf = (path: ByteString): boolean => all === undefined || all.isWhole(path);
  const isListed = (path: ByteString): boolean => singles.isListed(path) || wholes.isWhole(path);
  return {
    childrenOf(path) {
      const names = new Set([...singles.childrenOf(path), ...wholes.childrenOf(path)]);
      const selected = all?.childrenOf(path) ?? [];
      if (wholes.isWhole(path))
        return [...new Set([...selected, ...(isAllOf(path) ? names : [])])].toSorted();
      return (isAllOf(path) ? [...names] : selected.filter((name) => names.has(name))).toSorted();
    },
    isWhole: (path) => isAllOf(path) && wholes.isWhole(path),
    isListed,
    isOnTheWay: (path) => all?.isOnTheWay(path) === true,
    listedBelow: () => [],
    leavesRoot: all?.leavesRoot === true,
    // A directory goes with what is extraneous in it: where that is told by itself, the source lacks both.
    mayDelete: (path) => doomed.isListed(path) || doomed.isOnTheWay(path),
  };
}

/** Selects that one name, in whichever directory is asked about. */
export function selectName(name: ByteString): Pick<PathSelection, 'childrenOf' | 'isWhole'> {
  return { childrenOf: () => [name], isWhole: () => false };
}

function* pathsBelow(keys: KeySearch, prefix: ByteString): Iterable<string> {
  let last: string | undefined;
  for (let index = firstBelow(keys, prefix); ; index++) {
    const key = keys.at(index);
    if (key?.startsWith(prefix) !== true) return;
    const path = pathOf(key);
    // A path may be listed both with and without a trailing slash.
    if (path !== last) yield path;
    last = path;
  }
}

function childNames(keys: KeySearch, prefix: ByteString): ByteString[] {
  const names: ByteString[] = [];
  let index = firstBelow(keys, prefix);
  for (;;) {
    const key = keys.at(index);
    if (key?.startsWith(prefix) !== true) return names;
    const child = pathToChild(key, prefix.length);
    names.push(child.slice(prefix.length));
    // Skip everything below the child.
    index = keys.lowerBound(`${child}\x01`, index + 1);
  }
}

function hasBelow(keys: KeySearch, prefix: ByteString): boolean {
  return keys.at(firstBelow(keys, prefix))?.startsWith(prefix) === true;
}

/** Skips the directory itself, which is equal to the prefix if it was listed with a trailing slash. */
function firstBelow(keys: KeySearch, prefix: ByteString): number {
  const index = keys.lowerBound(prefix);
  return keys.at(index) === prefix ? index + 1 : index;
}

/** The key up to the end of the component that starts at `start`. */
function pathToChild(key: string, start: number): ByteString {
  const end = key.indexOf('\0', start);
  return end === -1 ? key : key.slice(0, end);
}

type SelectingAll = Pick<Settings, 'filesFrom' | 'filesFromRecursive' | 'onlyName' | 'onlyBelow'>;
type Selecting = SelectingAll & Pick<Settings, 'repairs'>;

/** Undefined: every path is selected. */
export function selectionBy(
  { repairs, ...selecting }: Selecting,
  filter?: Pick<Filter, 'isExcluded'>,
): PathSelection | undefined {
  const all = allSelectedBy(selecting, filter);
  return repairs === undefined ? all : selectRepairs(all, repairs);
}

function allSelectedBy(
  { filesFrom, filesFromRecursive, onlyName, onlyBelow }: SelectingAll,
  filter?: Pick<Filter, 'isExcluded'>,
): PathSelection | undefined {
  const isExcluded = filter && ((path: ByteString) => filter.isExcluded(path, true));
  if (onlyName !== undefined) return selectPaths(packPaths([onlyName], false), false, isExcluded);
  if (onlyBelow !== undefined) return selectPaths(packPaths([onlyBelow], true), true, isExcluded);
  return filesFrom && selectPaths(filesFrom, filesFromRecursive, isExcluded);
}

/** Whether a walk reaches a directory, according to filter rules and a --files-from list. */
type Rules = Pick<Settings, 'filters' | 'deleteExcluded'> & Selecting;

/** @param path relative to that side's root, which is always walked */
export function reachesBy(rules: Rules, side: Side): (path: ByteString) => boolean {
  const filter = compileFilter(rules.filters, { side, deleteExcluded: rules.deleteExcluded, above: '' });
  const selection = selectionBy(rules, filter);
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

/** From this many names on a listing may pay off: one READDIR replaces this many lookups. */
const FEW_NAMES = 16;
/**
 * NFS returns a hundred names or more in one reply; on a local disk one lookup costs as much as listing
 * several.
 */
const ENTRIES_PER_NAME = 16;

/** Most entries to list before looking up names instead; 0: list none. */
export function mostEntriesToList(selectedCount: number): number {
  return selectedCount < FEW_NAMES ? 0 : selectedCount * ENTRIES_PER_NAME;
}
