/** Reads the output of `--json`: one object per line, the report last. */
import { expect } from 'vitest';
import type { Coverage } from '../../src/model/run/outcome.ts';
import { type Trees, sync, type SyncOptions, verify } from './scenario.ts';

export interface JsonReport {
  readonly event: 'report';
  readonly status: string;
  readonly coverage: Coverage;
  readonly tally: Readonly<Record<string, number>>;
  readonly problems: readonly { class: string; path: string; code: string; reason: string }[];
  readonly verdicts: readonly { class: string; path: string; detail: string }[];
  readonly notes: readonly string[];
  readonly retryList?: string;
}

export interface JsonEvent {
  readonly event: string;
}

export function jsonEvents(stdout: string): readonly JsonEvent[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonEvent);
}

export function reportIn(stdout: string): JsonReport {
  const last = jsonEvents(stdout).at(-1);
  if (last?.event !== 'report') throw new Error(`the last line is no report: ${JSON.stringify(last)}`);
  return last as JsonReport;
}

export async function syncForReport(
  trees: Trees,
  args: readonly string[] = [],
  options: SyncOptions = {},
): Promise<JsonReport> {
  return reportIn((await sync(trees, [...args, '--json'], options)).stdout);
}

export async function verifyForReport(
  trees: Trees,
  args: readonly string[],
  status = 0,
): Promise<JsonReport> {
  return reportIn((await verify(trees, [...args, '--json'], { status })).stdout);
}

/** Entries left alone, by cause. */
export function leftIn({ coverage: { leftAlone } }: JsonReport): object {
  return Object.fromEntries(Object.entries(leftAlone).filter(([, count]) => count > 0));
}

const CHANGE_COUNTERS = [
  'filesTransferred',
  'bytesTransferred',
  'entriesCreated',
  'entriesAdjusted',
  'entriesLinked',
  'entriesDeleted',
];

/** Syncs once more, and expects no change. */
export async function expectNothingToDo(trees: Trees, args: readonly string[] = []): Promise<void> {
  const { tally } = await syncForReport(trees, args);
  const counts = CHANGE_COUNTERS.map((counter) => [counter, tally[counter]]);
  expect(counts).toEqual(CHANGE_COUNTERS.map((counter) => [counter, 0]));
}
