/** Each line has the increase since the line before, under the names that it declares to CloudWatch. */
import { expect, test } from 'vitest';
import { toEmbeddedMetrics } from '../../../../src/report/reporters/embedded-metrics-file.ts';
import { COUNTER_NAMES, type CounterName, type Tally } from '../../../../src/model/tally.ts';

const DIMENSIONS = { HostId: 'h', HostName: 'n', SyncSetId: 's' };

function tally(counts: Partial<Record<CounterName, number>>): Tally {
  return { ...(Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as Tally), ...counts };
}

interface Line {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
  readonly FilesTransferred: number;
}

function lineOf(counts: Tally, before?: Tally): Line {
  return JSON.parse(toEmbeddedMetrics(DIMENSIONS, 1000.4, { tally: counts, before })) as Line;
}

test('metrics and dimensions are declared and have values', () => {
  const line = lineOf(
    tally({ filesTransferred: 2, entriesAdjusted: 3, bytesWritten: 5, bytesTransferred: 7 }),
  );
  const { Timestamp, CloudWatchMetrics } = line['_aws'];
  const [declared] = CloudWatchMetrics;
  expect(Timestamp).toBe(1000);
  expect(declared).toMatchObject({
    Namespace: 'efs-sync',
    Dimensions: [['HostId', 'HostName', 'SyncSetId']],
  });
  const values = line as unknown as Record<string, unknown>;
  for (const { Name, Unit } of declared?.Metrics ?? []) {
    expect(typeof values[Name]).toBe('number');
    expect(['Count', 'Bytes']).toContain(Unit);
  }
  expect(line).toMatchObject({
    ...DIMENSIONS,
    FilesTransferred: 5,
    PhysicalBytesTransferred: 5,
    LogicalBytesTransferred: 7,
  });
});

test('the lines add up to the work done', () => {
  const [first, second] = [tally({ filesTransferred: 2 }), tally({ filesTransferred: 5 })];
  expect(lineOf(first).FilesTransferred + lineOf(second, first).FilesTransferred).toBe(5);
});
