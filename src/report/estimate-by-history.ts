/** Replaces the assumptions of a scan's estimate by earlier runs of its task, if there are any with the same settings. */
import { absolutePath } from '../filesystem/operator-files/absolute-path.ts';
import { forecastRun } from '../history/forecast.ts';
import { groupByTask, pastOf, readHistory } from '../history/task-history.ts';
import { LocationError } from '../model/run/errors.ts';
import type { Execution } from '../model/run/execution.ts';
import type { Reporter } from '../model/run/reporter.ts';
import type { ScanTotals } from '../model/preflight-results.ts';
import type { Task } from '../model/task.ts';

export async function estimateByHistory(
  totals: ScanTotals,
  task: Task,
  reporter: Pick<Reporter, 'warned'>,
): Promise<ScanTotals> {
  if (totals.assumed !== undefined) return totals;
  const { verify, checksum } = task.settings;
  const forecast = forecastRun(await readPast(task, reporter), { kind: 'sync', verify, checksum });
  if (forecast === undefined) return totals;
  const { elapsedMs, runs } = forecast;
  return { ...totals, estimate: { ...totals.estimate, elapsedMs, runs, basis: 'history' } };
}

/** The latest first. Only the estimate depends on it. */
async function readPast(task: Task, reporter: Pick<Reporter, 'warned'>): Promise<Execution[]> {
  try {
    const { executions } = await readHistory(task.settings.stateDirectory);
    const [source, destination] = [absolutePath(task.source), absolutePath(task.destination)];
    const own = groupByTask(executions).find(
      ({ latest: { execution } }) => execution.source === source && execution.destination === destination,
    );
    return own === undefined ? [] : pastOf(own);
  } catch (error) {
    if (!(error instanceof LocationError)) throw error;
    reporter.warned(`cannot estimate from earlier runs: ${error.message}`);
    return [];
  }
}
