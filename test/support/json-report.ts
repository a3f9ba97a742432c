/** Reads what `--json` prints: one object a line, the report last. */
import { expect } from 'vitest';
import type { Trees, SyncOptions } from './scenario.ts';
import { sync } from './scenario.ts';

export interface JsonReport {
  readonly event: 'report';
  readonly status: string;
  readonly tally: Readonly<Record<string, number>>;
  readonly problems: readonly { class: string; path: string; code: string; reason: string }[];
  readonly verdicts: readonly { class: string; path: string; detail: string }[];
  readonly notes: readonly string[];
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

const CHANGE_COUNTERS = [
  'filesTransferred',
  'bytesTransferred',
  'entriesCreated',
  'entriesAdjusted',
  'entriesLinked',
  'entriesDeleted',
];

/** Syncs once more: nothing may be left to do. */
export async function expectNothingToDo(trees: Trees, args: readonly string[] = []): Promise<void> {
  const { tally } = await syncForReport(trees, args);
  const counts = CHANGE_COUNTERS.map((counter) => [counter, tally[counter]]);
  expect(counts).toEqual(CHANGE_COUNTERS.map((counter) => [counter, 0]));
}
