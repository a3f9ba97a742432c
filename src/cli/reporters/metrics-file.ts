/** `--metrics=FILE.prom`: the run for node_exporter to collect, always whole, as it goes on and at its end. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { Task } from '../../model/task.ts';
import { reasonOf } from '../error-reason.ts';
import { exitStatusOfError, exitStatusOfReport } from '../exit-status.ts';
import { toPrometheus } from '../metrics/prometheus.ts';
import type { EndedMetrics, RunMetrics } from '../metrics/run-metrics.ts';
import type { PartialReporter } from './command-reporter.ts';

/** node_exporter is asked every 15 s or less often. */
const WRITE_EVERY_MS = 10_000;

/**
 * `warn` hears of a file that cannot be written any more. The task is told at once, so that a run that cannot
 * even begin is seen. @throws UsageError where the file never could be written
 */
export function createMetricsReporter(
  file: string,
  task: Task,
  warn: (message: string) => void,
): PartialReporter {
  const before = readIfThere(file);
  guardWritable(file, before);
  let run = beginning(task);
  let nextWriteMs = 0;
  let isBroken = false;
  const write = (): void => {
    if (isBroken) return;
    try {
      replaceFile(file, toPrometheus(run, before));
    } catch (error) {
      isBroken = true;
      warn(`cannot write --metrics=${displayName(file)}: ${reasonOf(error)}; going on without it`);
    }
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
      end({ exitStatus: exitStatusOfReport(report), report });
    },
    failed: (error) => end({ exitStatus: exitStatusOfError(error), report: undefined }),
  };
}

function beginning(task: Task): RunMetrics {
  return { task, startedAtMs: Date.now(), tally: undefined, ended: undefined };
}

/** What it held stays until there is something to tell of this run. */
function guardWritable(file: string, before: string): void {
  try {
    replaceFile(file, before);
  } catch (error) {
    throw new UsageError(`cannot write --metrics=${displayName(file)}: ${reasonOf(error)}`, { cause: error });
  }
}

/** The collector must never read half a file. Its own pattern is *.prom, so that it passes over the other name. */
function replaceFile(file: string, text: string): void {
  const temporary = Buffer.from(`${file}.${process.pid}`, 'latin1');
  writeFileSync(temporary, text);
  renameSync(temporary, Buffer.from(file, 'latin1'));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(Buffer.from(file, 'latin1'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new UsageError(`cannot read --metrics=${displayName(file)}: ${reasonOf(error)}`, { cause: error });
  }
}
