/** The first line of a report: its result in a few words. */
import type { IncompleteReason, InterruptionReason, Scope, Status } from '../../model/run/outcome.ts';
import type { Report } from '../../model/run/report.ts';
import type { Tally } from '../../model/tally.ts';
import { counted, formatCount, totalOf } from './quantities.ts';

export function headlineOf(report: Report): string {
  const { outcome } = report;
  if (outcome.status === 'Interrupted') return INTERRUPTED[outcome.reason];
  return outcome.status === 'Incomplete'
    ? `Incomplete: ${INCOMPLETE[outcome.reason](outcome.paths)}`
    : HEADLINES[outcome.status](report);
}

const NO_FILE = 'Success, but no files were compared';

const HEADLINES: Readonly<Record<Exclude<Status, 'Incomplete' | 'Interrupted'>, (report: Report) => string>> =
  {
    Success: successOf,
    'Verification failure': (report) => `Verification failure: ${differing(report)}`,
    Error: () => 'Error',
  };

const INTERRUPTED: Readonly<Record<InterruptionReason, string>> = {
  signal: 'Interrupted',
  'time limit': 'Interrupted: the time of --stop-after or --stop-at was reached',
};

const INCOMPLETE: Readonly<Record<IncompleteReason, (paths: number) => string>> = {
  failed: (paths) => `${counted(paths, 'path')} failed`,
  'delete limit': (paths) => `delete limit reached: ${counted(paths, 'path')} to delete, none deleted`,
  vanished: (paths) => `${counted(paths, 'source path')} vanished`,
  changed: (paths) => `${counted(paths, 'source path')} changed during the run`,
};

export function plannedChanges(tally: Tally): number {
  const { filesToTransfer, filesToMove, entriesToCreate, entriesToAdjust, entriesToLink } = tally;
  const made = filesToTransfer + filesToMove + entriesToCreate + entriesToAdjust + entriesToLink;
  return made + tally.entriesToDelete;
}

/** A success for which a repair was needed says so first of all. */
function successOf(report: Report): string {
  const repaired = totalOf(report.repairCounts);
  const headline = cleanSuccessOf(report);
  return repaired === 0 ? headline : `${headline}, after the repair of ${counted(repaired, 'path')}`;
}

function cleanSuccessOf(report: Report): string {
  const { command, coverage } = report;
  const isIdle = plannedChanges(report.tally) === 0;
  if (command === 'prepare') return isIdle ? 'Dry run: nothing to transfer' : 'Dry run: nothing was written';
  if (coverage.content === 'none') {
    return isIdle ? 'Success: nothing to transfer, nothing verified' : 'Success: copied, not verified';
  }
  if (coverage.content === 'transferred') {
    return coverage.scope === 'nothing'
      ? 'Success: nothing to transfer, nothing verified'
      : 'Success: everything transferred is there';
  }
  return command === 'verify' ? VERIFIED[coverage.scope] : synced(coverage.scope, isIdle);
}

const VERIFIED: Readonly<Record<Scope, string>> = {
  everything: 'Success: source and destination match',
  'asked for': 'Success: everything you asked for matches',
  nothing: NO_FILE,
};

function synced(scope: Scope, isIdle: boolean): string {
  if (scope === 'nothing') return NO_FILE;
  if (scope === 'asked for') return `Success: everything you asked for is ${isIdle ? 'already ' : ''}there`;
  return isIdle ? 'Success: nothing to transfer' : 'Success';
}

function differing({ verdictCounts }: Report): string {
  const counts = Object.entries(verdictCounts).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const classes = counts.map(([name, count]) => `${name}: ${formatCount(count)}`).join(', ');
  return `${counted(total, 'path differs', 'paths differ')} (${classes})`;
}
