/** `npm run bench`: efs-sync side by side with its peers, scenario by scenario. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { runScenario, type RunPlan } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { summarize } from './summary.ts';
import { formatTable } from './table.ts';

const HELP = `Usage: npm run bench -- [options]

  --scenario NAME    run this one (repeatable); all: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --rounds N         measured runs of each contender after the warm-up (5)
  --scale X          make the source tree X times as large (1)
  --source DIR       copy this tree instead of the scenario's own; it is only read
  --destination DIR  make the directory to copy to in here, and remove it at the end
  --without NAME     leave out a contender (repeatable), such as "cp -a"
  --json FILE        write every round's times as JSON too
`;

function parseCommandLine() {
  return parseArgs({
    options: {
      scenario: { type: 'string', multiple: true, default: SCENARIOS.map(({ name }) => name) },
      rounds: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      source: { type: 'string' },
      destination: { type: 'string' },
      without: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (number > 0 && number < Infinity) return number;
  throw new Error(`--${option} needs a number above 0, not ${text}`);
}

function named(name: string): Scenario {
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario === undefined) throw new Error(`no scenario is called ${name}\n\n${HELP}`);
  return scenario;
}

function main(): void {
  const options = parseCommandLine();
  if (options.help) {
    console.log(HELP);
    return;
  }
  const plan: RunPlan = {
    rounds: Math.ceil(positive('rounds', options.rounds)),
    scale: positive('scale', options.scale),
    source: options.source,
    destinationParent: options.destination,
    without: options.without,
  };
  const scenarios = options.scenario.map(named);
  const machine = describeMachine();
  console.log(
    `${Object.entries(machine)
      .map((fact) => fact.join(' '))
      .join(', ')}\n`,
  );
  const results = scenarios.map((scenario) => report(scenario, plan));
  const record = { machine, rounds: plan.rounds, scale: plan.scale, results };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(record, null, 2)}\n`);
}

function report(scenario: Scenario, plan: RunPlan) {
  const contenders = runScenario(scenario, plan);
  const summary = summarize(contenders);
  const title = plan.scale === 1 ? scenario.title : `${scenario.title}, all of it times ${plan.scale}`;
  console.log(formatTable(title, summary));
  return { scenario: scenario.name, title, summary, contenders };
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
