/** The lists that files of rules fill: which there are, and what one file adds. */
import type { ByteString } from '../../model/byte-string.ts';
import { posix } from 'node:path';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath, type Root } from '../../filesystem/root.ts';
import { EINVAL, EPERM, isGone, isNoDirectory, SystemError } from '../../linux/system-error.ts';
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { DirectoryRules, FilterList, FilterRule } from '../../model/filter-list.ts';
import { AT_ROOT, type RulePlace } from '../../policy/filter/compile-rules.ts';
import { expandRules, type ListedRule, parseRules } from '../../policy/filter/expand-rules.ts';
import { rulesFor, type RuleUse } from '../../policy/filter/filter.ts';
import type { Layer, Layers } from '../../policy/filter/layered-filter.ts';
import type { MergedFile } from '../../policy/filter/parse-rule.ts';
import { readRuleFile } from './read-rule-file.ts';

export interface RulesOfSide {
  readonly root: Root;
  /** Absolute. */
  readonly rootPath: ByteString;
  readonly list: FilterList;
  readonly use: RuleUse;
  readonly from0: boolean;
}

/** What files of one name say here, and in the directories above. */
export interface ActiveList {
  readonly rule: DirectoryRules;
  readonly name: ByteString;
  readonly layers: Layers;
  /** The rule that it came from was cleared. */
  readonly isOff?: true;
}

interface Activated {
  readonly rule: DirectoryRules;
  /** Where the rule stands, below the root or absolute: with a path in it, directories above are searched from there. */
  readonly directory: ByteString;
}

/** Its place among the lists. Undefined: as in rsync, a second rule for files of one name adds nothing. */
export async function activate(
  side: RulesOfSide,
  lists: ActiveList[],
  { rule, directory }: Activated,
): Promise<number | undefined> {
  const name = lastName(rule.pattern);
  if (lists.some((each) => each.name === name && each.isOff !== true)) return undefined;
  const index = lists.length;
  lists.push({ rule, name, layers: [] });
  for (const above of directoriesAbove(side, rule.pattern, directory)) {
    const inRoot = { linux: side.root.linux, fd: side.root.fd, path: '' };
    const text = await readRuleFile(inRoot, posix.join(above, name));
    if (text !== undefined) await readInto(side, lists, { index, text, directory: above });
    if (!rule.isInherited) lists[index] = { rule, name, layers: [] };
  }
  return index;
}

/** Absolute, from the one in which the search begins: those above the directory itself. */
function directoriesAbove({ rootPath }: RulesOfSide, pattern: string, directory: ByteString): ByteString[] {
  if (!pattern.includes('/')) return [];
  const end = posix.resolve(rootPath, directory);
  const start = posix.resolve(end, parentPath(pattern) || '/');
  const found: ByteString[] = [];
  for (let at = end; at !== start; found.unshift(at)) {
    if (at === '/') return [];
    at = posix.dirname(at);
  }
  return found;
}

export interface FoundFile {
  /** Of the list that it belongs to. */
  readonly index: number;
  readonly text: string;
  /** Below the root, or absolute above it. */
  readonly directory: ByteString;
}

/** What the file says comes before what holds in the directory above. @throws SystemError that tells of a wrong rule */
export async function readInto(
  side: RulesOfSide,
  lists: ActiveList[],
  { index, text, directory }: FoundFile,
): Promise<void> {
  const list = lists[index] as ActiveList;
  const path = posix.join(directory, list.name);
  const place = placeOf(side, directory);
  const own: Layer[] = [];
  let inherited = list.layers;
  let rules: FilterRule[] = [];
  let at = place;
  const flush = (next: RulePlace): void => {
    if (rules.length > 0) own.push(rulesFor(rules, side.use, at));
    rules = [];
    at = next;
  };
  for (const { rule, isMerged } of await rulesIn(side, { text, path, list, directory })) {
    const next = isMerged ? { ...AT_ROOT, above: side.use.above } : place;
    if (rule === 'clear') {
      turnOff(lists, own);
      [rules, inherited] = [[], []];
      own.length = 0;
    } else if (rule.action === 'merge') {
      flush(next);
      const isAbove = directory.startsWith('/');
      const nested = isAbove ? { ...rule, pattern: posix.resolve(directory, rule.pattern) } : rule;
      const added = await activate(side, lists, { rule: nested, directory });
      if (added !== undefined) own.push(added);
    } else {
      if (at !== next) flush(next);
      rules.push(rule);
    }
  }
  flush(place);
  lists[index] = { ...list, layers: [...own, ...inherited] };
}

function turnOff(lists: ActiveList[], own: readonly Layer[]): void {
  for (const layer of own) {
    if (typeof layer !== 'number') continue;
    lists[layer] = { ...(lists[layer] as ActiveList), layers: [], isOff: true };
  }
}

/** A leading slash means the directory of the file. */
function placeOf({ rootPath, use }: RulesOfSide, directory: ByteString): RulePlace {
  if (!directory.startsWith('/')) return { above: use.above, directory, lead: '' };
  const rest = rootPath.slice(directory === '/' ? 1 : directory.length + 1);
  return { above: use.above, directory: '', lead: rest === '' ? '' : `${rest}/` };
}

interface RuleSource {
  readonly text: string;
  readonly path: ByteString;
  readonly list: ActiveList;
  readonly directory: ByteString;
}

/** `isMerged`: it is of another file, whose slashes mean the root. */
async function rulesIn(
  side: RulesOfSide,
  { text, path, list, directory }: RuleSource,
): Promise<{ rule: ListedRule; isMerged: boolean }[]> {
  const found: { rule: ListedRule; isMerged: boolean }[] = [];
  try {
    for (const rule of parseRules({ text, name: path }, list.rule.style, side.from0)) {
      const isMerged = rule !== 'clear' && (rule.action === 'read' || rule.action === 'cvs');
      const rules = expandRules([rule], side.from0);
      let step = rules.next();
      while (step.done !== true) {
        if (step.value.action === 'cvs') throw new UsageError(`${path}: "-C" is for the command line alone`);
        step = rules.next([await mergedFile(side, step.value, directory)]);
      }
      for (const each of step.value) found.push({ rule: ofTree(each, side), isMerged });
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new SystemError(-EINVAL, 'read', path, error.message);
  }
  return found;
}

function ofTree(rule: ListedRule, { use: { side } }: RulesOfSide): ListedRule {
  if (rule === 'clear' || rule.action === 'merge' || rule.from === undefined) return rule;
  return 'file' in rule.from ? { ...rule, from: { ...rule.from, side } } : rule;
}

/** As in rsync, a name alone is of the root. What lies outside the tree is not the tree's to name. */
async function mergedFile(
  { root, rootPath }: RulesOfSide,
  { pattern }: MergedFile,
  directory: ByteString,
): Promise<{ text: string; name: string }> {
  const from = pattern.includes('/') ? posix.resolve(rootPath, directory) : rootPath;
  const path = posix.resolve(from, pattern);
  const start = rootPath === '/' ? '/' : `${rootPath}/`;
  if (!path.startsWith(start)) {
    throw new SystemError(-EPERM, 'open', path, 'A file of filter rules names one outside of the tree');
  }
  const inTree = path.slice(start.length);
  const text = await readInTree(root, inTree);
  if (text !== undefined) return { text, name: inTree };
  throw new SystemError(
    -EINVAL,
    'open',
    inTree,
    `A file of filter rules names ${displayName(inTree)}, which is not there`,
  );
}

async function readInTree(root: Root, path: ByteString): Promise<string | undefined> {
  try {
    return await withDirectory(root, parentPath(path), (within) => readRuleFile(within, lastName(path)));
  } catch (error) {
    // Of these others would conclude that the directory which asks is gone.
    if (isGone(error) || isNoDirectory(error)) return undefined;
    throw error;
  }
}
