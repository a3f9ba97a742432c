/**
 * Whatever call fails, and however: no half file, no leftovers, an honest exit status, and the next run
 * repairs it. EFS_SYNC_LONG_SECONDS runs more of the matrix, including pairs of calls that fail together.
 * Repeat a failure with the printed EFS_SYNC_SEED, or alone with its EFS_SYNC_FAULT.
 */
import { chmodSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CALL_TABLE } from '../../src/linux/call-table.ts';
import { describeWith } from '../support/requirements.ts';
import { record, setStage, type Stage } from './case.ts';
import type { Fault } from './faults.ts';
import { NODE_CALLS } from './faulty-node.ts';
import { casesOf, runCases, TIMEOUT_MS } from './run-cases.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { startShell, type Shell } from './shell.ts';

const ONLY = process.env['EFS_SYNC_FAULT'];
/**
 * No scenario makes these: dup3 replaces a stale root, fchown is preflight's, and memory file systems are not
 * flushed (e2e/flush.test.ts is).
 */
const NEVER_MADE = new Set(['dup3', 'fchown', 'syncfs']);

/** Calls on memory rather than files. */
const MEMORY_CALLS = ['madvise'];

const madeCalls = new Set<string>();
let shell: Shell;
let directory: string;

async function stageOf(scenario: Scenario): Promise<Stage> {
  return setStage(scenario, join(directory, scenario.name.replaceAll(/\W+/g, '-')), shell);
}

describeWith(['root', 'setfacl', 'user xattrs', 'memory file system'], 'any call that fails', () => {
  beforeAll(() => {
    shell = startShell();
    directory = mkdtempSync(join(String(process.env['EFS_SYNC_TEST_MEMORY']), 'fault-'));
    // For scenarios that do not run as root.
    chmodSync(directory, 0o755);
  });
  afterAll(() => shell.end());

  const wanted = ONLY === undefined ? undefined : (JSON.parse(ONLY) as { scenario: string; faults: Fault[] });
  const scenarios = SCENARIOS.filter(({ name }) => wanted === undefined || wanted.scenario === name);

  it.each(scenarios)('in $name', { timeout: TIMEOUT_MS }, async (scenario) => {
    const stage = await stageOf(scenario);
    const made = await record(stage);
    for (const { call } of made) madeCalls.add(call);
    const cases = wanted === undefined ? casesOf(scenario, made) : [wanted.faults];
    expect(await runCases(stage, cases)).toEqual([]);
  });

  it.runIf(wanted === undefined)('covers every call that the tool makes', () => {
    const known = [...Object.keys(CALL_TABLE), ...MEMORY_CALLS, ...NODE_CALLS];
    expect([...madeCalls].toSorted()).toEqual(known.filter((call) => !NEVER_MADE.has(call)).toSorted());
  });
});
