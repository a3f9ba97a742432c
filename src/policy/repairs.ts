/** `--repair`: which differences a run may copy again by itself, and the settings of the round that does. */
import type { RepairPaths } from '../model/listed-paths.ts';
import type { DeleteLimit, Settings } from '../model/settings.ts';
import type { Tally } from '../model/tally.ts';
import type { Verdict, VerdictClass } from '../model/run/verdict.ts';
import { packPaths } from './filter/path-keys.ts';

/** Memory holds their verdicts. What a run finds beyond them stays different. */
export const MOST_REPAIRS = 100_000;

/** No change of the source explains them, and a copy of the path alone mends them. */
const REPAIRED: ReadonlySet<VerdictClass> = new Set<VerdictClass>([
  'content mismatch',
  'metadata differs',
  'missing',
  'extraneous',
  'kind differs',
]);

export function isRepairable(verdict: Pick<Verdict, 'class'>): boolean {
  return REPAIRED.has(verdict.class);
}

/** A missing directory is copied with what is in it. */
export function isTree({ class: verdictClass, below }: Verdict): boolean {
  return (verdictClass === 'missing' && below !== undefined) || verdictClass === 'kind differs';
}

function repairPathsOf(verdicts: readonly Verdict[]): RepairPaths {
  const pathsOf = (isWanted: (verdict: Verdict) => boolean): string[] =>
    verdicts.filter(isWanted).map(({ path }) => path || '.');
  return {
    single: packPaths(
      pathsOf((verdict) => !isTree(verdict)),
      false,
    ),
    trees: packPaths(pathsOf(isTree), true),
    extraneous: packPaths(
      pathsOf((verdict) => verdict.class === 'extraneous'),
      false,
    ),
  };
}

/** Of a round in the same run. What the options never overwrite it does not overwrite either. */
export function settingsOfRound(settings: Settings, verdicts: readonly Verdict[], tally: Tally): Settings {
  return {
    ...settings,
    repair: false,
    repairs: repairPathsOf(verdicts),
    verify: 'full',
    checksum: true,
    sizeOnly: false,
    ignoreTimes: false,
    trackRenames: false,
    deleteLimit: deletionsLeft(settings.deleteLimit, tally),
    listUnchanged: false,
    listVerified: true,
    collectStatistics: false,
  };
}

/** `--max-delete` is for both rounds together. */
function deletionsLeft(limit: DeleteLimit | undefined, tally: Tally): DeleteLimit | undefined {
  if (limit === undefined) return undefined;
  const { destinationEntries, entriesDeleted } = tally;
  const most = 'count' in limit ? limit.count : Math.floor((destinationEntries * limit.percent) / 100);
  return { count: Math.max(0, most - entriesDeleted) };
}
