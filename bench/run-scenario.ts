/** Runs a scenario's contenders in turn, round after round, so that a slow spell of the machine hits all. */
import { mkdirSync } from 'node:fs';
import { dropCaches } from './caches.ts';
import { withPlaces } from './places.ts';
import type { Plan } from './plan.ts';
import { measureCommand, runCommand, type Usage } from './run-command.ts';
import type { Command, Contender, Places, Scenario } from './scenario.ts';

/** In runs longer than this, noise matters little, so two rounds are enough. */
const SLOW_SEC = 60;
const SLOW_ROUNDS = 2;

export interface ContenderResult {
  readonly name: string;
  readonly commands: readonly Command[];
  readonly rounds: readonly Usage[];
}

export function runScenario(scenario: Scenario, plan: Plan): ContenderResult[] {
  return withPlaces(scenario, plan, (places) => {
    const runs = scenario.contenders.map((contender) => ({ contender, rounds: [] as Usage[] }));
    const run = (contender: Contender) => runOnce({ scenario, contender, places, plan });
    const warmUps = runs.map(({ contender }) => {
      const { elapsedSec } = run(contender);
      scenario.guard(contender, places);
      return elapsedSec;
    });
    const rounds = Math.max(...warmUps) > SLOW_SEC ? Math.min(SLOW_ROUNDS, plan.rounds) : plan.rounds;
    for (let round = 0; round < rounds; round++) {
      for (const { contender, rounds: measured } of startingWith(round, runs)) measured.push(run(contender));
    }
    return runs.map(({ contender, rounds: measured }) => ({
      name: contender.name,
      commands: contender.commands({
        ...places,
        source: 'SOURCE',
        destination: 'DESTINATION',
        scratch: 'SCRATCH',
      }),
      rounds: measured,
    }));
  });
}

/** Rotates the order, so no contender always follows the same one. */
function startingWith<Item>(round: number, items: readonly Item[]): Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

interface Run {
  readonly scenario: Scenario;
  readonly contender: Contender;
  readonly places: Places;
  readonly plan: Plan;
}

function runOnce({ scenario, contender, places, plan }: Run): Usage {
  runCommand('rm', '-rf', places.scratch);
  mkdirSync(places.scratch);
  scenario.prepareDestination(places);
  // Flushes first, so no contender pays for another's writeback.
  runCommand('sync', '-f', places.destination);
  if (scenario.isCold) dropCaches(contender, places, plan.beforeRun);
  return contender.commands(places).map(measureCommand).reduce(add);
}

function add(one: Usage, other: Usage): Usage {
  return {
    elapsedSec: one.elapsedSec + other.elapsedSec,
    userSec: one.userSec + other.userSec,
    systemSec: one.systemSec + other.systemSec,
  };
}
