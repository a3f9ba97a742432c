/** What the history keeps of a run is read back whole, or not at all. */
import { expect, test } from 'vitest';
import type { Execution } from '../../../../src/model/execution.ts';
import { executionFromText, executionToText } from '../../../../src/policy/history/execution-text.ts';
import { tallyOf } from '../../../support/reports.ts';

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
const TEXT = executionToText(EXECUTION);

test('it is one line, and read back as it was', () => {
  expect(TEXT.split('\n')).toHaveLength(2);
  expect(executionFromText(TEXT)).toEqual(EXECUTION);
});

test('cut short anywhere, it is not read at all', () => {
  for (let length = 0; length < TEXT.length; length++) {
    expect(executionFromText(TEXT.slice(0, length))).toBeUndefined();
  }
});

test.each([
  ['no JSON', '{"a"}\n'],
  ['of another format', TEXT.replace('"format":1', '"format":2')],
  ['of no format', TEXT.replace('"format":1,', '')],
])('%s: not read', (_, text) => {
  expect(executionFromText(text)).toBeUndefined();
});
