/** The first line of a report: what came of it, in a few words. */
import type { Report } from '../../model/report.ts';
import type { Tally } from '../../model/tally.ts';
import { ExitStatus, exitStatusOfReport } from '../exit-status.ts';
import { counted, formatCount } from './units.ts';

export function headlineOf(report: Report): string {
  const { problemCounts: problems, verdictCounts: verdicts } = report;
  switch (exitStatusOfReport(report)) {
    case ExitStatus.success:
      return successOf(report);
    case ExitStatus.interrupted:
      return 'Interrupted';
    case ExitStatus.verificationFailure:
      return `Verification failure: ${differing(report)}`;
    case ExitStatus.deleteLimit:
      return `Delete limit reached: ${counted(report.tally.entriesToDelete, 'path')} to delete, none was deleted`;
    case ExitStatus.vanished:
      return `Incomplete: ${counted(problems.vanished + (verdicts['source vanished'] ?? 0), 'source path')} vanished`;
    case ExitStatus.sourceChanged:
      return `Incomplete: ${counted(problems.changed + (verdicts['source changed'] ?? 0), 'source path')} changed during the run`;
    default:
      return `Error: ${counted(problems.failed + (verdicts['read error'] ?? 0), 'path')} failed`;
  }
}

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
