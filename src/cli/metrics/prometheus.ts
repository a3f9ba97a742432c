/** A run in Prometheus' text format, for the textfile collector of node_exporter. */
import { decodeName } from '../../model/display-name.ts';
import type { CounterName } from '../../model/tally.ts';
import { countOf, totalOf, type RunMetrics } from './run-metrics.ts';

/** Of the last run or the one under way; each is a gauge, since a run begins at nothing. */
const COUNTS: readonly (readonly [metric: string, counter: CounterName, help: string])[] = [
  ['source_entries', 'sourceEntries', 'Entries of the source that were listed.'],
  ['source_bytes', 'sourceBytes', 'Sizes of the files of the source, together.'],
  ['destination_entries', 'destinationEntries', 'Entries of the destination that were listed.'],
  ['planned_files', 'filesToTransfer', 'Files to transfer.'],
  ['planned_bytes', 'bytesToTransfer', 'Their sizes, together.'],
  ['planned_deletions', 'entriesToDelete', 'Entries of the destination to delete.'],
  ['transferred_files', 'filesTransferred', 'Files transferred.'],
  ['transferred_bytes', 'bytesTransferred', 'Their sizes, as far as they are transferred.'],
  ['written_bytes', 'bytesWritten', 'Bytes written, without holes.'],
  ['adjusted_entries', 'entriesAdjusted', 'Entries whose metadata alone was set.'],
  ['deleted_entries', 'entriesDeleted', 'Entries deleted.'],
  ['retries', 'retries', 'Calls made again after a passing failure.'],
  ['verified_entries', 'entriesVerified', 'Entries compared after the sync.'],
  ['verified_bytes', 'bytesVerified', 'Bytes of content compared after the sync.'],
];

const PREFIX = 'efs_sync_';
const LAST_SUCCESS = 'last_success_timestamp_seconds';

/** @param before what the file held: the time of the last success is kept across failures */
export function toPrometheus(run: RunMetrics, before: string): string {
  const labels = labelsOf(run);
  const line = (name: string, help: string, value: number) =>
    `# HELP ${PREFIX}${name} ${help}\n# TYPE ${PREFIX}${name} gauge\n${PREFIX}${name}${labels} ${value}\n`;
  const { ended } = run;
  const lines = [
    line('running', 'Whether a run is under way.', ended === undefined ? 1 : 0),
    line('start_timestamp_seconds', 'When the run began.', run.startedAtMs / 1000),
    ...COUNTS.map(([name, counter, help]) => line(name, help, countOf(run, counter))),
  ];
  if (ended !== undefined) {
    const { report } = ended;
    lines.push(
      line('end_timestamp_seconds', 'When the run ended.', ended.atMs / 1000),
      line('duration_seconds', 'How long the run took.', (ended.atMs - run.startedAtMs) / 1000),
      line('exit_status', 'What efs-sync exited with; 0 is success.', ended.exitStatus),
      line('problems', 'Paths that failed, vanished or changed.', totalOf(report?.problemCounts)),
      line('differences', 'Paths that verification found to differ.', totalOf(report?.verdictCounts)),
    );
  }
  const success = ended?.exitStatus === 0 ? ended.atMs / 1000 : lastSuccess(before);
  if (success !== undefined) lines.push(line(LAST_SUCCESS, 'When a run last ended in success.', success));
  return lines.join('');
}

function lastSuccess(text: string): number | undefined {
  const value = new RegExp(`^${PREFIX}${LAST_SUCCESS}\\{.*\\} ([\\d.e+]+)$`, 'm').exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

function labelsOf({ task }: RunMetrics): string {
  const { name, source, destination } = task;
  const labels = { ...(name === undefined ? {} : { task: name }), source, destination };
  return `{${Object.entries(labels)
    .map(([label, value]) => `${label}="${escapeLabel(value)}"`)
    .join(',')}}`;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/: backslash, quote and newline. */
function escapeLabel(name: string): string {
  return decodeName(name)
    .text.replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
