/** `--metrics=FILE.prom`: the run for node_exporter to collect, always whole, as it goes on and at its end. */
import { UsageError } from '../../errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { Task } from '../../model/task.ts';
import { reasonOf } from '../error-reason.ts';
import { outcomeOfError } from '../../policy/outcome.ts';
import { exitStatusOf } from '../exit-status.ts';
import { toPrometheus } from '../metrics/prometheus.ts';
import type { EndedMetrics, RunMetrics } from '../metrics/run-metrics.ts';
import { guardOutput, lossOf, settleOutput, type OutputTrouble } from '../output-files.ts';
import { within } from '../patience.ts';
import { readOpenFile, withRegularFile } from '../read-input.ts';
import { SerialWork } from '../serial-work.ts';
import { replaceFile, tryToReplace } from '../whole-file.ts';
import type { PartialReporter } from './command-reporter.ts';

/** node_exporter is asked every 15 s or less often. */
const WRITE_EVERY_MS = 10_000;

/**
 * The task is told at once, so that a run that cannot even begin is seen. @throws UsageError where the file
 * cannot be written; Interrupted, TimedOut
 */
export async function createMetricsReporter(
  file: string,
  task: Task,
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const before = await within(outputs.patience, `--metrics=${displayName(file)}`, readIfThere(file));
  // What it held stays until there is something to tell of this run.
  await guardOutput('metrics', file, outputs, () => tryToReplace(file));
  let run = beginning(task);
  let nextWriteMs = 0;
  let isWarned = false;
  let isWaiting = false;
  // The next time may go well again: what counts is what the file says in the end.
  const work = new SerialWork((error) => {
    const loss = lossOf('metrics', file, error);
    if (run.ended !== undefined) outputs.lose(loss);
    else if (!isWarned) outputs.warn(`${loss}; going on without it`);
    isWarned = true;
  });
  const writeLatest = async (): Promise<void> => {
    isWaiting = false;
    await replaceFile(file, toPrometheus(run, before));
  };
  const write = (): void => {
    if (!isWaiting) work.next(writeLatest);
    isWaiting = true;
  };
  const end = (ended: Omit<EndedMetrics, 'atMs'>): void => {
    run = { ...run, ended: { ...ended, atMs: Date.now() } };
    write();
  };
  return {
    started: write,
    progressed(tally) {
      run = { ...run, tally };
      if (performance.now() < nextWriteMs) return;
      nextWriteMs = performance.now() + WRITE_EVERY_MS;
      write();
    },
    finished(report) {
      run = { ...run, tally: report.tally };
      end({ exitStatus: exitStatusOf(report.outcome), report });
    },
    failed: (error) => end({ exitStatus: exitStatusOf(outcomeOfError(error)), report: undefined }),
    closed: () => settleOutput('metrics', file, outputs, work.done),
  };
}

function beginning(task: Task): RunMetrics {
  return { task, startedAtMs: Date.now(), tally: undefined, ended: undefined };
}

async function readIfThere(file: string): Promise<string> {
  try {
    return (await withRegularFile(file, readOpenFile)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new UsageError(`cannot read --metrics=${displayName(file)}: ${reasonOf(error)}`, { cause: error });
  }
}
