/** The first line of a report: what came of it, in a few words. */
import type { IncompleteReason, Status } from '../../model/outcome.ts';
import type { Report } from '../../model/report.ts';
import type { Tally } from '../../model/tally.ts';
import { counted, formatCount } from './units.ts';

export function headlineOf(report: Report): string {
  const { outcome } = report;
  return outcome.status === 'Incomplete'
    ? `Incomplete: ${INCOMPLETE[outcome.reason](outcome.paths)}`
    : HEADLINES[outcome.status](report);
}

const HEADLINES: Readonly<Record<Exclude<Status, 'Incomplete'>, (report: Report) => string>> = {
  Success: successOf,
  'Verification failure': (report) => `Verification failure: ${differing(report)}`,
  Error: () => 'Error',
  Interrupted: () => 'Interrupted',
};

const INCOMPLETE: Readonly<Record<IncompleteReason, (paths: number) => string>> = {
  failed: (paths) => `${counted(paths, 'path')} failed`,
  'delete limit': (paths) => `delete limit reached, ${counted(paths, 'path')} to delete, none was deleted`,
  vanished: (paths) => `${counted(paths, 'source path')} vanished`,
  changed: (paths) => `${counted(paths, 'source path')} changed during the run`,
};

function plannedChanges(tally: Tally): number {
  const { filesToTransfer, entriesToCreate, entriesToAdjust, entriesToLink, entriesToDelete } = tally;
  return filesToTransfer + entriesToCreate + entriesToAdjust + entriesToLink + entriesToDelete;
}

function successOf(report: Report): string {
  if (report.command === 'verify') return 'Success: source and destination match';
  const isIdle = plannedChanges(report.tally) === 0;
  if (report.command === 'prepare') {
    return isIdle ? 'Dry run: nothing to transfer' : 'Dry run: nothing was written';
  }
  return isIdle ? 'Success: nothing to transfer' : 'Success';
}

function differing({ verdictCounts }: Report): string {
  const counts = Object.entries(verdictCounts).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const classes = counts.map(([name, count]) => `${formatCount(count)} ${name}`).join(', ');
  return `${counted(total, 'path differs', 'paths differ')} (${classes})`;
}
