/** A run's record in the history is read back completely, or not at all. */
import { expect, test } from 'vitest';
import type { Execution } from '../../../src/model/run/execution.ts';
import { executionFromText, executionToText } from '../../../src/history/execution-file.ts';
import { tallyOf } from '../../support/reports.ts';

const EXECUTION: Execution = {
  source: '/s\xff',
  destination: '/d',
  kind: 'sync',
  verify: 'full',
  checksum: false,
  pid: 1,
  startedAtMs: 1_795_541_336_274,
  stage: 'Syncing',
  stageStartedAtMs: 1_795_541_336_300,
  updatedAtMs: 1_795_541_337_000,
  phases: [{ phase: 'preparing', elapsedMs: 26 }],
  tally: tallyOf({ sourceEntries: 7 }),
};

test('it is one line, and is read back unchanged', () => {
  const text = executionToText(EXECUTION);
  expect(text).toMatch(/^.+\n$/);
  expect(executionFromText(text)).toEqual(EXECUTION);
});

test('it is rejected if it is truncated anywhere', () => {
  const text = executionToText(EXECUTION);
  for (let length = 0; length < text.length; length++) {
    expect(executionFromText(text.slice(0, length))).toBeUndefined();
  }
});

test.each([
  ['no JSON', '"format":1', '"format"'],
  ['of another format', '"format":1', '"format":2'],
  ['of no format', '"format":1,', ''],
])('%s: rejected', (_, from, to) => {
  const text = executionToText(EXECUTION);
  expect(text).toContain(from);
  expect(executionFromText(text.replace(from, to))).toBeUndefined();
});
