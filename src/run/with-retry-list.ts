/** Leaves a list of the paths that failed, and says in the report how to try only these again. */
import { SyncError } from '../model/run/errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Report } from '../model/run/report.ts';
import type { Reporter } from '../model/run/reporter.ts';
import { absoluteRoots } from '../filesystem/operator-files/absolute-path.ts';
import { keepRetryList } from '../filesystem/state/keep-retry-list.ts';
import { countOf } from '../policy/compare/judge.ts';
import { type RetryList, retryListOf } from '../policy/retry-list.ts';

/** The run is over whatever becomes of the list. */
export async function withRetryList(report: Report, { warned }: Pick<Reporter, 'warned'>): Promise<Report> {
  const { name, settings } = report.task;
  const list = retryListOf(report);
  const task = { ...(name !== undefined && { name }), ...absoluteRoots(report.task) };
  try {
    const retryList = await keepRetryList(settings.stateDirectory, task, list?.text);
    return list === undefined
      ? report
      : { ...report, retryList, notes: [...report.notes, noteOn(list, retryList)] };
  } catch (error) {
    const isOfFile = error instanceof SyncError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!isOfFile) throw error;
    if (list !== undefined)
      warned(`cannot keep a list of the paths that failed: ${(error as Error).message}`);
    return report;
  }
}

function noteOn({ paths, isCut, options }: RetryList, path: string): string {
  const what = `${isCut ? 'the first ' : ''}${countOf(paths, 'path', 'paths')}`;
  const given = [...options, `--files-from=${path}`].map(displayName).join(' ');
  return `to try only ${what} again, run it without --delete and with ${given}`;
}
