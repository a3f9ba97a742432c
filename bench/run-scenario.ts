/** Runs a scenario's contenders in turn, round after round, so that a slow spell of the machine hits all. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled, measureCommand, runCommand, type Usage } from './run-command.ts';
import type { Contender, Scenario } from './scenario.ts';

export interface RunPlan {
  readonly rounds: number;
  readonly scale: number;
  /** A tree to copy instead of the scenario's own; it is only read. */
  readonly source: string | undefined;
  /** Where to make, and remove, the directory to copy to. */
  readonly destinationParent: string | undefined;
  /** Names of contenders to leave out. */
  readonly without: readonly string[];
}

export interface ContenderResult {
  readonly name: string;
  readonly rounds: readonly Usage[];
}

export function runScenario(scenario: Scenario, plan: RunPlan): ContenderResult[] {
  const work = mkdtempSync(join(scenario.parent, 'efs-sync-bench-'));
  const destinationWork = mkdtempSync(join(plan.destinationParent ?? scenario.parent, 'efs-sync-bench-'));
  try {
    const source = plan.source ?? join(work, 'source');
    if (plan.source === undefined) {
      mkdirSync(source);
      scenario.makeSource(source, plan.scale);
    }
    return runRounds(scenario, plan, { source, destination: join(destinationWork, 'destination') });
  } finally {
    runCommand('rm', '-rf', work, destinationWork);
  }
}

interface Places {
  readonly source: string;
  readonly destination: string;
}

function runRounds(scenario: Scenario, plan: RunPlan, places: Places): ContenderResult[] {
  const results = scenario.contenders
    .filter((contender) => takesPart(contender, plan.without))
    .map((contender) => ({ contender, name: contender.name, rounds: [] as Usage[] }));
  for (const { contender } of results) {
    runOnce(scenario, contender, places);
    guardCopied(contender, places);
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const { contender, rounds } of results) rounds.push(runOnce(scenario, contender, places));
  }
  return results.map(({ name, rounds }) => ({ name, rounds }));
}

function takesPart(contender: Contender, without: readonly string[]): boolean {
  if (without.includes(contender.name)) return false;
  const missing = contender.commands('', '').find(([program = '']) => !isInstalled(program));
  if (missing !== undefined) console.error(`without ${contender.name}: ${missing[0]} is not installed`);
  return missing === undefined;
}

function runOnce(scenario: Scenario, contender: Contender, { source, destination }: Places): Usage {
  scenario.prepareDestination(source, destination);
  // Nobody pays for writing back what another has written.
  runCommand('sync', '-f', destination);
  return contender.commands(source, destination).map(measureCommand).reduce(add);
}

function add(one: Usage, other: Usage): Usage {
  return {
    elapsedSec: one.elapsedSec + other.elapsedSec,
    userSec: one.userSec + other.userSec,
    systemSec: one.systemSec + other.systemSec,
  };
}

/** Speed without the copy counts for nothing: looked at after the warm-up, by rsync. */
function guardCopied({ name }: Contender, { source, destination }: Places): void {
  const differences = runCommand('rsync', '-rlptni', '--delete', `${source}/`, `${destination}/`);
  if (differences !== '') throw new Error(`${name} did not copy everything:\n${differences.slice(0, 1000)}`);
}
