/** Describes what a run left out or did not compare: how much, and by which option. */
import type { Coverage, MetadataName } from '../../model/run/outcome.ts';
import { displayName } from '../../model/display-name.ts';
import { LEFT_ALONE_CAUSES, type LeftAloneCause } from '../../model/tally.ts';
import type { Settings } from '../../model/settings.ts';
import { lacksUsualMetadata } from '../../policy/assess-coverage.ts';
import { ruleText } from '../../policy/filter/rule-text.ts';
import { counted, formatBytes, formatCount } from './quantities.ts';

/** The settings that give details beyond the options' names; a history does not have them. */
export type LeavingSettings = Pick<
  Settings,
  'filters' | 'excludeIfPresent' | 'excludeCaches' | 'minSizeBytes' | 'maxSizeBytes' | 'onlyBelow'
>;

/** "1,234 excluded (--exclude=cache/)", "3 files newer at the destination (--update)": one part per cause. */
export function leftOutParts(coverage: Coverage, settings?: LeavingSettings): string[] {
  const { leftAlone, listedPaths } = coverage;
  const parts = LEFT_ALONE_CAUSES.filter((cause) => leftAlone[cause] > 0).map((cause) =>
    WORDS[cause](leftAlone[cause], { coverage, settings }),
  );
  return listedPaths === undefined ? parts : [unlistedText(listedPaths, settings), ...parts];
}

function unlistedText(listedPaths: number, settings: LeavingSettings | undefined): string {
  const { onlyBelow } = settings ?? {};
  if (onlyBelow !== undefined) return `everything except ${displayName(onlyBelow)} (--relative)`;
  if (listedPaths === 0) return 'everything, because the list is empty (--files-from)';
  return `everything except ${counted(listedPaths, 'listed path')} (--files-from${settings ? '' : ' or --relative'})`;
}

/** "owner, group, mode"; empty if all metadata was compared. */
export function uncomparedText({ uncompared }: Pick<Coverage, 'uncompared'>): string {
  return uncompared.map((name) => METADATA[name]).join(', ');
}

/** What "Success" in a history does not cover; undefined if it covers everything. */
export function limitsOfSuccess(coverage: Coverage): string | undefined {
  if (coverage.scope === 'everything') return undefined;
  const parts = [
    coverage.scope === 'nothing'
      ? 'no files were verified'
      : coverage.content === 'transferred' && 'only transferred entries were verified',
    leftOutText(coverage),
    lacksUsualMetadata(coverage) && `not compared: ${uncomparedText(coverage)}`,
    coverage.otherOwners > 0 && `${counted(coverage.otherOwners, 'entry', 'entries')} with a different owner`,
  ];
  return parts.filter((part) => part !== false).join('; ');
}

function leftOutText(coverage: Coverage): string | false {
  const parts = leftOutParts(coverage);
  return parts.length > 0 && `left out: ${parts.join(', ')}`;
}

interface Known {
  readonly coverage: Coverage;
  readonly settings: LeavingSettings | undefined;
}

const WORDS: Readonly<Record<LeftAloneCause, (count: number, known: Known) => string>> = {
  excluded: (count, { settings }) => `${formatCount(count)} excluded (${excludedBy(settings)})`,
  empty: (count) => `${counted(count, 'empty directory', 'empty directories')} (--prune-empty-dirs)`,
  tooLarge: (count, { settings }) =>
    `${counted(count, 'file')} ${sizeText('larger', settings?.maxSizeBytes)} (--max-size)`,
  tooSmall: (count, { settings }) =>
    `${counted(count, 'file')} ${sizeText('smaller', settings?.minSizeBytes)} (--min-size)`,
  special: (count) =>
    `${counted(count, 'device, FIFO or socket', 'devices, FIFOs or sockets')} (no --devices or --specials)`,
  unsafe: (count) => `${counted(count, 'symbolic link', 'symbolic links')} out of the source (--safe-links)`,
  outside: (count) => `the contents of ${counted(count, 'mount point')} (--one-file-system)`,
  newer: (count) => `${counted(count, 'file')} newer at the destination (--update)`,
  existing: (count) => `${counted(count, 'entry', 'entries')} already at the destination (--ignore-existing)`,
  absent: (count) => `${counted(count, 'entry', 'entries')} missing at the destination (--existing)`,
  sameSize: (count, { coverage }) =>
    `${counted(count, 'file')} of the same size but ${coverage.content === 'all' ? 'different content' : 'a different time'} (--size-only)`,
};

const METADATA: Readonly<Record<MetadataName, string>> = {
  owner: 'owner',
  group: 'group',
  mode: 'mode',
  mtime: 'modification time',
  timesWithinWindow: 'times that differ by less than --modify-window',
  directoryTimes: 'times of directories',
  linkTimes: 'times of symbolic links',
  atime: 'access time',
  xattr: 'extended attributes',
  acl: 'ACLs',
};

function sizeText(than: 'larger' | 'smaller', sizeBytes: number | undefined): string {
  return sizeBytes === undefined ? `that are ${than}` : `${than} than ${formatBytes(sizeBytes)}`;
}

const MOST_RULES = 6;

/** As options, rules in their order; rules from a file look the same. */
function excludedBy(settings: LeavingSettings | undefined): string {
  const { filters = [], excludeIfPresent = [], excludeCaches = false } = settings ?? {};
  const all = [
    ...excludeIfPresent.map((name) => `--exclude-if-present=${displayName(name)}`),
    ...(excludeCaches ? ['--exclude-caches'] : []),
    ...filters.slice(0, MOST_RULES).map(ruleText),
  ];
  if (all.length === 0) return 'filter rules';
  const shown = all.slice(0, MOST_RULES);
  const more = all.length - shown.length + Math.max(0, filters.length - MOST_RULES);
  return [...shown, ...(more > 0 ? [counted(more, 'more rule')] : [])].join(', ');
}
