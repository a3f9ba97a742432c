/**
 * A run in CloudWatch's embedded metric format: File Sync's names and dimensions, and DataSync's counts. Each
 * line has what was added since the one before, so that the sum over a time is what was done in it.
 */
import type { CounterName, Tally } from '../../model/tally.ts';

export interface MetricDimensions {
  readonly HostId: string;
  readonly HostName: string;
  readonly SyncSetId: string;
}

type Unit = 'Count' | 'Bytes';

/** Several counters are added. */
const METRICS: readonly (readonly [name: string, unit: Unit, counters: readonly CounterName[]])[] = [
  // Of File Sync: a change of metadata alone counts as a file transferred.
  ['FilesTransferred', 'Count', ['filesTransferred', 'entriesAdjusted']],
  ['PhysicalBytesTransferred', 'Bytes', ['bytesWritten']],
  ['LogicalBytesTransferred', 'Bytes', ['bytesTransferred']],
  // Of DataSync.
  ['FilesPreparedSource', 'Count', ['sourceFiles']],
  ['BytesPreparedSource', 'Bytes', ['sourceBytes']],
  ['FilesPreparedDestination', 'Count', ['destinationEntries']],
  ['FilesDeleted', 'Count', ['entriesDeleted']],
  ['FilesVerifiedDestination', 'Count', ['filesVerified']],
  ['BytesVerifiedDestination', 'Bytes', ['bytesVerified']],
];

const NAMESPACE = 'efs-sync';

/** One line, without its newline. @param before counts at the line before, if there was one */
export function toEmbeddedMetrics(
  dimensions: MetricDimensions,
  atMs: number,
  { tally, before }: { tally: Tally; before: Tally | undefined },
): string {
  const values = METRICS.map(
    ([name, , counters]) => [name, sum(tally, counters) - sum(before, counters)] as const,
  );
  return JSON.stringify({
    _aws: {
      Timestamp: Math.round(atMs),
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: METRICS.map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(values),
  });
}

function sum(counts: Tally | undefined, counters: readonly CounterName[]): number {
  return counters.reduce((total, counter) => total + (counts?.[counter] ?? 0), 0);
}
