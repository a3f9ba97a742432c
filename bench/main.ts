/** `npm run bench`: efs-sync side by side with its peers, scenario by scenario. */
import { writeFileSync } from 'node:fs';
import { chooseContenders, chooseScenarios } from './choose.ts';
import { describeMachine } from './machine.ts';
import { titleOf } from './places.ts';
import { parsePlan, USAGE, type Plan } from './plan.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { summarize } from './summary.ts';
import { formatCommands, formatList, formatTable } from './table.ts';

function main(): void {
  const plan = parsePlan(process.argv.slice(2));
  if (plan === 'help') console.log(USAGE);
  else if (plan === 'list') console.log(formatList(SCENARIOS));
  else runAll(plan);
}

function runAll(plan: Plan): void {
  const scenarios = chooseContenders(chooseScenarios(plan), plan.without);
  const machine = describeMachine();
  console.log(
    `${Object.entries(machine)
      .map((fact) => fact.join(' '))
      .join(', ')}\n`,
  );
  const results = scenarios.flatMap((scenario) => report(scenario, plan));
  const record = { machine, scale: plan.scale, results };
  if (plan.jsonFile !== undefined) writeFileSync(plan.jsonFile, `${JSON.stringify(record, null, 2)}\n`);
}

/** A scenario that fails does not cost the hours of those after it. */
function report(scenario: Scenario, plan: Plan) {
  const title = titleOf(scenario, plan);
  try {
    const contenders = runScenario(scenario, plan);
    const summary = summarize(contenders);
    console.log(`${scenario.name}: ${title}\n\n${formatTable(summary)}\n${formatCommands(contenders)}`);
    return [{ scenario: scenario.name, title, summary, contenders }];
  } catch (error) {
    fail(`${scenario.name} failed: ${messageOf(error)}`);
    return [];
  }
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  main();
} catch (error) {
  fail(messageOf(error));
}
