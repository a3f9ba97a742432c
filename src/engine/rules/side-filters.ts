/** The filter of each side: those of the source hide what it has, those of the destination protect. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Freshness } from '../../filesystem/entry-stat.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import type { Root } from '../../filesystem/root.ts';
import type { Settings } from '../../model/settings.ts';
import type { Side } from '../../model/task.ts';
import { RuleMatches } from '../../policy/filter/rule-matches.ts';
import { compileFilter, type Filter } from '../../policy/filter/filter.ts';
import { DirectoryFilters, type SeenDirectory } from './directory-filters.ts';

export interface SideFilters {
  /** Without what files in directories say. */
  readonly everywhere: Filter | undefined;
  /** Undefined: no such files count. A phase reads them anew, as another may have written them. */
  readonly directories: Readonly<Record<Freshness, DirectoryFilters>> | undefined;
}

/** `matches`: undefined: nobody wants to know which rules match. */
export interface BothFilters extends Readonly<Record<Side, SideFilters>> {
  readonly matches: RuleMatches | undefined;
}

/** Of one object where both sides have the same rules. */
export function bothFilters(
  settings: FilterSettings,
  roots: Readonly<Record<Side, Root>>,
  paths: Readonly<Record<Side, { readonly path: ByteString }>>,
): BothFilters {
  const matches = settings.countRuleMatches ? new RuleMatches() : undefined;
  const of = (side: Side): SideFilters =>
    sideFilters(side, settings, { ...roots[side], path: paths[side].path }, matches);
  const source = of('source');
  const isSame = settings.filters.every(
    (rule) => rule.action !== 'merge' && rule.side === undefined && rule.isAbsolute !== true,
  );
  if (isSame && !settings.deleteExcluded && matches === undefined)
    return { source, destination: source, matches };
  return { source, destination: of('destination'), matches };
}

type PlacedRoot = Root & { readonly path: ByteString };
type FilterSettings = Pick<
  Settings,
  'filters' | 'countRuleMatches' | 'deleteExcluded' | 'delete' | 'force' | 'from0' | 'onlyName'
>;

function sideFilters(
  side: Side,
  { filters, deleteExcluded, delete: deletes, force, from0, onlyName }: FilterSettings,
  { path, linux, fd }: PlacedRoot,
  matches: RuleMatches | undefined,
): SideFilters {
  const needsPath = filters.some((rule) => rule.action === 'merge' || rule.isAbsolute === true);
  const rootPath = needsPath ? absolutePath(path) : '/';
  const isInDanger = side === 'source' || deletes || force;
  const watcher = isInDanger ? matches?.watcherOf(side) : undefined;
  const use = { side, deleteExcluded, above: rootPath === '/' ? '' : `${rootPath.slice(1)}/`, watcher };
  const everywhere = compileFilter(filters, use);
  // As in rsync, a file that is named itself is not asked about its directory.
  const counts = isInDanger && onlyName === undefined;
  if (!counts || !filters.some(({ action }) => action === 'merge')) {
    return { everywhere, directories: undefined };
  }
  const rules = { root: { linux, fd }, rootPath, list: filters, use, from0 };
  const directories = { cached: new DirectoryFilters(rules), server: new DirectoryFilters(rules) };
  return { everywhere, directories };
}

/** @throws SystemError where a file of rules cannot be read */
export async function filterIn(
  { everywhere, directories }: SideFilters,
  { path, freshness }: { readonly path: ByteString; readonly freshness: Freshness },
  seen?: SeenDirectory,
): Promise<Filter | undefined> {
  return directories === undefined ? everywhere : directories[freshness].in(path, seen);
}

export function hasRules({ everywhere, directories }: SideFilters): boolean {
  return everywhere !== undefined || directories !== undefined;
}
