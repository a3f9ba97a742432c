/**
 * `--metrics=FILE.prom`: the run's metrics for node_exporter, always a complete file, updated during the run
 * and at its end.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { reportOfError, UsageError } from '../../model/run/errors.ts';
import { decodeName, displayName } from '../../model/display-name.ts';
import type { Task } from '../../model/task.ts';
import { reasonOf } from '../error-reason.ts';
import { outcomeOfError } from '../../policy/decide-outcome.ts';
import { exitStatusOf } from '../exit-status.ts';
import { totalOf } from '../text/quantities.ts';
import { guardOutput, lossOf, SerialWork, settleOutput, type OutputTrouble } from '../output-files.ts';
import { within } from '../../flow/patience.ts';
import { readOpenFile, withRegularFile } from '../../filesystem/operator-files/pooled-io.ts';
import { replaceFile, tryToReplace } from '../../filesystem/operator-files/whole-file.ts';
import type { PartialReporter } from './command-reporter.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import type { CounterName, Tally } from '../../model/tally.ts';
import type { Report } from '../../model/run/report.ts';

/** node_exporter is scraped every 15 s or less often. */
const WRITE_EVERY_MS = 10_000;

/**
 * Writes the task at once, so that a run that cannot even begin is seen. @throws UsageError if the file
 * cannot be written; Interrupted, TimedOut
 */
export async function createMetricsReporter(
  file: ByteString,
  task: Task,
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const before = await within(outputs.patience, `--metrics=${displayName(file)}`, readIfThere(file));
  // The earlier content stays until there is something to report about this run.
  await guardOutput('metrics', file, outputs, () => tryToReplace(file));
  let run = beginning(task);
  let nextWriteMs = 0;
  let isWarned = false;
  let isWaiting = false;
  // A later write may succeed: only the file's final state counts.
  const work = new SerialWork((error) => {
    const loss = lossOf('metrics', file, error);
    if (run.ended !== undefined) outputs.lose(loss);
    else if (!isWarned) outputs.warn(`${loss}; continuing without it`);
    isWarned = true;
  });
  const writeLatest = async (): Promise<void> => {
    isWaiting = false;
    // The collector runs as another user, and a service's umask is often 077.
    await replaceFile(file, toPrometheus(run, before), 'everybody');
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
    failed: (error) => end({ exitStatus: exitStatusOf(outcomeOfError(error)), report: reportOfError(error) }),
    closed: () => settleOutput('metrics', file, outputs, work.done),
  };
}

function beginning(task: Task): RunMetrics {
  return { task, startedAtMs: Date.now(), tally: undefined, ended: undefined };
}

async function readIfThere(file: ByteString): Promise<string> {
  try {
    return (await withRegularFile(file, readOpenFile)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new UsageError(`cannot read --metrics=${displayName(file)}: ${reasonOf(error)}`, { cause: error });
  }
}

interface RunMetrics {
  readonly task: Task;
  readonly startedAtMs: number;
  readonly tally: Tally | undefined;
  /** Undefined while the run is in progress. */
  readonly ended: EndedMetrics | undefined;
}

interface EndedMetrics {
  readonly atMs: number;
  readonly exitStatus: number;
  /** Undefined if the run ended without one. */
  readonly report: Report | undefined;
}

/** Counts of the last or current run. Gauges, as each run begins at zero. */
const COUNTS: readonly (readonly [metric: string, counter: CounterName, help: string])[] = [
  ['source_entries', 'sourceEntries', 'Source entries listed.'],
  ['source_bytes', 'sourceBytes', 'Total size of the source files.'],
  ['destination_entries', 'destinationEntries', 'Destination entries listed.'],
  ['planned_files', 'filesToTransfer', 'Files to transfer.'],
  ['planned_bytes', 'bytesToTransfer', 'Total size of the files to transfer.'],
  ['planned_deletions', 'entriesToDelete', 'Destination entries to delete.'],
  ['transferred_files', 'filesTransferred', 'Files transferred.'],
  ['transferred_bytes', 'bytesTransferred', 'File content transferred so far.'],
  ['written_bytes', 'bytesWritten', 'Bytes written, not counting holes.'],
  ['adjusted_entries', 'entriesAdjusted', 'Entries whose metadata was set without copying content.'],
  ['deleted_entries', 'entriesDeleted', 'Entries deleted.'],
  ['retries', 'retries', 'Calls retried after a temporary failure.'],
  ['verified_entries', 'entriesVerified', 'Entries compared after the sync.'],
  ['verified_bytes', 'bytesVerified', 'Bytes of content compared after the sync.'],
];

const PREFIX = 'efs_sync_';
const LAST_SUCCESS = 'last_success_timestamp_seconds';

/** @param before the file's earlier content: the time of the last success survives failures */
function toPrometheus(run: RunMetrics, before: string): string {
  const labels = labelsOf(run);
  const line = (name: string, help: string, value: number) =>
    `# HELP ${PREFIX}${name} ${help}\n# TYPE ${PREFIX}${name} gauge\n${PREFIX}${name}${labels} ${value}\n`;
  const { ended } = run;
  const lines = [
    line('running', 'Whether a run is in progress.', ended === undefined ? 1 : 0),
    line('start_timestamp_seconds', 'When the run began.', run.startedAtMs / 1000),
    ...COUNTS.map(([name, counter, help]) => line(name, help, countOf(run, counter))),
  ];
  if (ended !== undefined) {
    const { report } = ended;
    lines.push(
      line('end_timestamp_seconds', 'When the run ended.', ended.atMs / 1000),
      line('duration_seconds', 'How long the run took.', (ended.atMs - run.startedAtMs) / 1000),
      line('exit_status', 'Exit status of efs-sync; 0 is success.', ended.exitStatus),
      line('problems', 'Paths that failed, vanished or changed.', totalOf(report?.problemCounts)),
      line('differences', 'Paths that verification found to differ.', totalOf(report?.verdictCounts)),
    );
  }
  const success = ended?.exitStatus === 0 ? ended.atMs / 1000 : lastSuccess(before);
  if (success !== undefined) lines.push(line(LAST_SUCCESS, 'When a run last succeeded.', success));
  return lines.join('');
}

function countOf({ tally }: RunMetrics, name: CounterName): number {
  return tally?.[name] ?? 0;
}

function lastSuccess(text: string): number | undefined {
  const value = new RegExp(`^${PREFIX}${LAST_SUCCESS}\\{.*\\} ([\\d.e+]+)$`, 'm').exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

function labelsOf({ task }: RunMetrics): string {
  const { name, source, destination } = task;
  const called = name === undefined ? {} : { task: name };
  const labels = { ...called, source: absolutePath(source), destination: absolutePath(destination) };
  return `{${Object.entries(labels)
    .map(([label, value]) => `${label}="${escapeLabel(value)}"`)
    .join(',')}}`;
}

/** Escapes backslash, quote and newline: https://prometheus.io/docs/instrumenting/exposition_formats/ */
function escapeLabel(name: string): string {
  return decodeName(name)
    .text.replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
