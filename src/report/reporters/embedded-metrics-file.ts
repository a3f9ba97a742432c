/**
 * `--emf=FILE`: lines for the CloudWatch agent, one per minute and one at the end; `-` is standard output.
 * They are in the embedded metric format, with File Sync's names and dimensions and DataSync's counts. Each
 * has the increase since the line before, so a sum over time gives the work done in it.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { reportOfError } from '../../model/run/errors.ts';
import type { Outcome, Status } from '../../model/run/outcome.ts';
import type { Report } from '../../model/run/report.ts';
import { COUNTER_NAMES, type CounterName, type Tally } from '../../model/tally.ts';
import type { Task } from '../../model/task.ts';
import { AppendFile } from '../append-file.ts';
import { decodeName } from '../../model/display-name.ts';
import { outcomeOfError } from '../../policy/decide-outcome.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import { exitStatusOf } from '../exit-status.ts';
import type { OutputTrouble } from '../output-files.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';
import { totalOf } from '../text/quantities.ts';

const LINE_EVERY_MS = 60_000;

const NOTHING = Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as Tally;

/** @throws UsageError if the file cannot be opened; Interrupted, TimedOut */
export async function createEmbeddedMetricsReporter(
  file: ByteString,
  task: Task,
  screen: Screen,
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const target = file === '-' ? undefined : await AppendFile.open({ option: 'emf', file }, outputs);
  const write = (line: string): void => (target === undefined ? screen.out(line) : target.append(line));
  const dimensions = dimensionsOf(task);
  const beganMs = performance.now();
  let before: Tally | undefined;
  let latest = NOTHING;
  let nextLineMs = beganMs + LINE_EVERY_MS;
  const tell = (ended?: EndedRun): void => {
    write(`${toEmbeddedMetrics(dimensions, Date.now(), { tally: latest, before, ended })}\n`);
    before = latest;
  };
  const end = (outcome: Outcome, report: Report | undefined): void =>
    tell({
      exitStatus: exitStatusOf(outcome),
      result: outcome.status,
      problems: totalOf(report?.problemCounts),
      differences: totalOf(report?.verdictCounts),
      elapsedMs: performance.now() - beganMs,
    });
  return {
    progressed(tally) {
      latest = tally;
      if (performance.now() < nextLineMs) return;
      nextLineMs = performance.now() + LINE_EVERY_MS;
      tell();
    },
    finished(report) {
      latest = report.tally;
      end(report.outcome, report);
    },
    failed: (error) => end(outcomeOfError(error), reportOfError(error)),
    closed: async () => target?.close(),
  };
}

function dimensionsOf({ name, source, destination }: Task): MetricDimensions {
  const paths = `${absolutePath(source)}\0${absolutePath(destination)}`;
  const pair = createHash('sha256').update(paths, 'latin1').digest('hex').slice(0, 17);
  return {
    HostId: machineId(),
    HostName: hostname(),
    SyncSetId: name === undefined ? `set-${pair}` : decodeName(name).text,
  };
}

/** machine-id(5); a container may have none. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim() || hostname();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return hostname();
    throw error;
  }
}

/** File Sync's names. */
interface MetricDimensions {
  readonly HostId: string;
  readonly HostName: string;
  readonly SyncSetId: string;
}

type Unit = 'Count' | 'Bytes' | 'Seconds' | 'None';

/** How a run ended, for its last line. */
interface EndedRun {
  readonly exitStatus: number;
  readonly result: Status;
  readonly problems: number;
  readonly differences: number;
  readonly elapsedMs: number;
}

/** Several counters are summed. */
const METRICS: readonly (readonly [name: string, unit: Unit, counters: readonly CounterName[]])[] = [
  // As File Sync counts: a change of metadata alone counts as a transferred file.
  ['FilesTransferred', 'Count', ['filesTransferred', 'entriesAdjusted']],
  ['PhysicalBytesTransferred', 'Bytes', ['bytesWritten']],
  ['LogicalBytesTransferred', 'Bytes', ['bytesTransferred']],
  // DataSync's counts.
  ['FilesPreparedSource', 'Count', ['sourceFiles']],
  ['BytesPreparedSource', 'Bytes', ['sourceBytes']],
  ['FilesPreparedDestination', 'Count', ['destinationEntries']],
  ['FilesDeleted', 'Count', ['entriesDeleted']],
  ['FilesVerifiedDestination', 'Count', ['filesVerified']],
  ['BytesVerifiedDestination', 'Bytes', ['bytesVerified']],
];

const NAMESPACE = 'efs-sync';

/** One line, without its newline. @param before counts of the previous line, if there was one */
export function toEmbeddedMetrics(
  dimensions: MetricDimensions,
  atMs: number,
  { tally, before, ended }: { tally: Tally; before: Tally | undefined; ended?: EndedRun | undefined },
): string {
  const counts = METRICS.map(
    ([name, unit, counters]) => [name, unit, sum(tally, counters) - sum(before, counters)] as const,
  );
  const metrics = [...counts, ...(ended === undefined ? [] : endMetrics(ended))];
  return JSON.stringify({
    _aws: {
      Timestamp: Math.round(atMs),
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    ...dimensions,
    // A property, not a metric: words have no statistics.
    ...(ended && { Result: ended.result }),
    ...Object.fromEntries(metrics.map(([name, , value]) => [name, value])),
  });
}

/** Alarms watch ExitStatus: more than 0 means trouble. */
function endMetrics(ended: EndedRun): (readonly [name: string, unit: Unit, value: number])[] {
  return [
    ['ExitStatus', 'None', ended.exitStatus],
    ['Problems', 'Count', ended.problems],
    ['Differences', 'Count', ended.differences],
    ['Duration', 'Seconds', ended.elapsedMs / 1000],
  ];
}

function sum(counts: Tally | undefined, counters: readonly CounterName[]): number {
  return counters.reduce((total, counter) => total + (counts?.[counter] ?? 0), 0);
}
