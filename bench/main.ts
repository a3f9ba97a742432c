/** `npm run bench`: efs-sync side by side with its peers, scenario by scenario. */
import { writeFileSync } from 'node:fs';
import { chooseContenders, chooseScenarios } from './choose.ts';
import { describeMachine, type Machine } from './machine.ts';
import { formatExtrapolation, formatMemory } from './memory/report.ts';
import { measureMemory } from './memory/run-memory.ts';
import { FEW, MANY, OTHERS } from './memory/trees.ts';
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
  else if (plan.memory) measureAll(plan);
  else runAll(plan);
}

function runAll(plan: Plan): void {
  const scenarios = chooseContenders(chooseScenarios(plan), plan.without);
  const machine = introduceMachine();
  record(
    plan,
    machine,
    scenarios.flatMap((scenario) => report(scenario, plan)),
  );
}

function measureAll(plan: Plan): void {
  const machine = introduceMachine();
  const few = measureMemory(FEW, plan);
  const many = measureMemory(MANY, plan);
  const results = [few, many, ...OTHERS.map((tree) => measureMemory(tree, plan))];
  console.log(formatMemory(results));
  // On small trees, the fixed cost of a run dominates the difference.
  if (plan.scale >= 1) console.log(formatExtrapolation(few, many));
  record(plan, machine, results);
}

function introduceMachine(): Machine {
  const machine = describeMachine();
  const facts = Object.entries(machine).map((fact) => fact.join(' '));
  console.log(`${facts.join(', ')}\n`);
  return machine;
}

function record(plan: Plan, machine: Machine, results: readonly unknown[]): void {
  if (plan.jsonFile === undefined) return;
  const text = JSON.stringify({ machine, scale: plan.scale, results }, null, 2);
  writeFileSync(plan.jsonFile, `${text}\n`);
}

/** A failed scenario must not waste the hours of the others. */
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
