/** One case of the matrix: a scenario, what fails in it, and the places it is run in. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts';
import type { Task } from '../../src/model/task.ts';
import { writeTree } from '../support/oracle.ts';
import { NOBODY } from '../support/run-cli.ts';
import { setSurroundings } from './engine.ts';
import { type Fault, Faults, type MadeCall, Recording } from './faults.ts';
import { brokenAfter, brokenAfterRetry } from './promises.ts';
import { runOnce } from './run-once.ts';
import type { Scenario } from './scenarios.ts';
import type { Shell } from './shell.ts';

/** A scenario on disk. Each case restores the destination from `before`. */
export interface Stage {
  readonly scenario: Scenario;
  readonly shell: Shell;
  readonly directory: string;
  readonly source: string;
  readonly before: string;
  readonly destination: string;
}

export async function setStage(scenario: Scenario, directory: string, shell: Shell): Promise<Stage> {
  const at = (name: string) => join(directory, name);
  const places = { source: at('source'), before: at('before'), destination: at('destination') };
  mkdirSync(directory);
  await writeTree(places.source, scenario.source);
  if (scenario.destination === 'as the source') await copyTree(shell, places.source, places.before);
  else await writeTree(places.before, scenario.destination);
  if (scenario.asNobody === true) await shell.run(`chown -hR ${NOBODY}:${NOBODY} '${directory}'`);
  return { scenario, shell, directory, ...places };
}

function reset({ shell, before, destination }: Stage): Promise<void> {
  return copyTree(shell, before, destination);
}

/** Replaces `to`. */
function copyTree(shell: Shell, from: string, to: string): Promise<void> {
  return shell.run(`rm -rf '${to}' && cp -a --sparse=always '${from}' '${to}'`);
}

function taskOn({ scenario, directory, source, destination }: Stage): Task {
  const settings = {
    ...DEFAULT_SETTINGS,
    ...scenario.settings,
    stateDirectory: join(directory, 'state'),
    spoolDirectory: directory,
  };
  return { source, destination, settings };
}

/** The calls that the scenario makes without faults. @throws if it fails */
export async function record(
  stage: Stage,
  faults: Faults = new Recording([], stage.scenario.circumstances),
): Promise<readonly MadeCall[]> {
  await reset(stage);
  setSurroundings(stage.scenario.surroundings);
  const { status, report, error } = await runOnce(taskOn(stage), stage.scenario, faults);
  if (status === 0) return faults.made;
  throw new Error(`without a fault: status ${status}, ${JSON.stringify(report?.problems)}`, { cause: error });
}

export interface CaseResult {
  /** False if the run took another path and made fewer such calls. */
  readonly wasReached: boolean;
  /** One sentence per broken promise. */
  readonly broken: readonly string[];
}

/** Runs once with the faults, then once without. */
export async function runCase(stage: Stage, wanted: readonly Fault[]): Promise<CaseResult> {
  await reset(stage);
  setSurroundings(stage.scenario.surroundings);
  const task = taskOn(stage);
  const faults = new Faults(wanted, stage.scenario.circumstances);
  const outcome = await runOnce(task, stage.scenario, faults);
  const broken = await brokenAfter({ stage, task, outcome, made: faults.made, failed: faults.failed });
  const again = await runOnce(task, stage.scenario, new Faults([], stage.scenario.circumstances));
  broken.push(...(await brokenAfterRetry({ stage, task, outcome: again })));
  return { wasReached: faults.failed.length > 0, broken };
}
