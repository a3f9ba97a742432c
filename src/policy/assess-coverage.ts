/**
 * Decides how much of the source a run has proven: the single answer that text, pages, JSON and history
 * render.
 */
import type { ComparedContent, Coverage, MetadataName, Scope } from '../model/run/outcome.ts';
import { type Tally, LEFT_ALONE, LEFT_ALONE_CAUSES, type LeftAloneCause } from '../model/tally.ts';
import type { OwnerRights } from '../model/owner-rights.ts';
import type { Report } from '../model/run/report.ts';
import type { Settings } from '../model/settings.ts';

export type CoverageSettings = Pick<
  Settings,
  | 'verify'
  | 'filesFrom'
  | 'onlyBelow'
  | 'preserve'
  | 'ownerOverride'
  | 'modifyWindowSec'
  | 'omitDirectoryTimes'
  | 'omitLinkTimes'
>;

export interface CoveredRun {
  readonly command: Report['command'];
  readonly tally: Tally;
  readonly settings: CoverageSettings;
  /** Verifying ran to its end. */
  readonly hasVerified: boolean;
  /** Undefined: every id is mapped. */
  readonly mapped: OwnerRights['mapped'];
}

export function coverageOf(run: CoveredRun): Coverage {
  const { tally, settings } = run;
  const content = comparedContent(run);
  const isOfVerifying = content === 'all' || run.command === 'verify';
  const leftAlone = leftAloneIn(tally, isOfVerifying ? 'verifying' : 'preparing');
  const listedPaths = listedPathsOf(settings);
  const told = {
    content,
    leftAlone,
    ...(listedPaths !== undefined && { listedPaths }),
    uncompared: uncomparedMetadata(run),
    otherOwners: Math.max(tally.ownershipNotKept, tally.ownershipUnverified),
  };
  return { scope: scopeOf(told, tally), ...told };
}

function listedPathsOf({ filesFrom, onlyBelow }: CoverageSettings): number | undefined {
  if (onlyBelow !== undefined) return 1;
  return filesFrom && filesFrom.starts.length - 1;
}

function comparedContent({ command, settings, hasVerified }: CoveredRun): ComparedContent {
  if (!hasVerified) return 'none';
  return command === 'sync' && settings.verify === 'transferred' ? 'transferred' : 'all';
}

function leftAloneIn(tally: Tally, phase: keyof typeof LEFT_ALONE): Record<LeftAloneCause, number> {
  const counters = LEFT_ALONE[phase];
  const counts = LEFT_ALONE_CAUSES.map((cause) => [cause, tally[counters[cause]]] as const);
  return Object.fromEntries(counts) as Record<LeftAloneCause, number>;
}

/** The metadata that a reader of "everything" expects; other metadata is preserved only on request. */
const USUAL: ReadonlySet<MetadataName> = new Set<MetadataName>([
  'owner',
  'group',
  'mode',
  'mtime',
  'timesWithinWindow',
  'directoryTimes',
  'linkTimes',
]);

export function lacksUsualMetadata({ uncompared }: Pick<Coverage, 'uncompared'>): boolean {
  return uncompared.some((name) => USUAL.has(name));
}

function scopeOf(coverage: Omit<Coverage, 'scope'>, tally: Tally): Scope {
  const { entriesVerified, filesVerified, timesNotKept, entriesOfOthers } = tally;
  const { content, otherOwners } = coverage;
  if (content === 'none') return 'nothing';
  if (content === 'transferred') return entriesVerified === 0 ? 'nothing' : 'asked for';
  const leavesEntries = leavesAnything(coverage);
  if (leavesEntries && filesVerified <= coverage.leftAlone.sameSize) return 'nothing';
  const isKept = otherOwners === 0 && timesNotKept === 0 && entriesOfOthers === 0;
  const leavesMetadata = !isKept || lacksUsualMetadata(coverage);
  return leavesEntries || leavesMetadata ? 'asked for' : 'everything';
}

/** Whether any entry was left out of the run. */
function leavesAnything({ leftAlone, listedPaths }: Omit<Coverage, 'scope'>): boolean {
  return listedPaths !== undefined || LEFT_ALONE_CAUSES.some((cause) => leftAlone[cause] > 0);
}

function uncomparedMetadata({ command, settings, mapped }: CoveredRun): MetadataName[] {
  const { preserve, ownerOverride } = settings;
  // Ids that the user namespace does not map all look the same.
  const comparesIds = mapped === undefined;
  const isCompared: Readonly<Record<MetadataName, boolean>> = {
    owner: comparesIds && (preserve.uid || ownerOverride.uid !== undefined),
    group: comparesIds && (preserve.gid || ownerOverride.gid !== undefined),
    mode: preserve.mode,
    mtime: preserve.mtime,
    timesWithinWindow: !(preserve.mtime && settings.modifyWindowSec >= 0),
    directoryTimes: !(preserve.mtime && settings.omitDirectoryTimes),
    linkTimes: !(preserve.mtime && settings.omitLinkTimes),
    // After a sync, atime is not compared: reading the source may have changed it.
    atime: preserve.atime && command === 'verify',
    xattr: preserve.xattr,
    acl: preserve.acl,
  };
  return (Object.keys(isCompared) as MetadataName[]).filter((name) => !isCompared[name]);
}
