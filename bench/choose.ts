/** Which scenarios and contenders run. What does not is said on standard error. */
import { canDropCaches } from './caches.ts';
import { lackOfRoom } from './places.ts';
import type { Plan } from './plan.ts';
import { isInstalled } from './run-command.ts';
import type { Contender, Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/all.ts';

/** Scenarios given by name must be runnable; others that are not are left out. */
export function chooseScenarios(plan: Plan): Scenario[] {
  if (plan.scenarios !== undefined) return plan.scenarios.map((name) => guardRunnable(named(name), plan));
  const reasons = new Map<string, string[]>();
  const chosen = SCENARIOS.filter((scenario) => {
    const reason = reasonAgainst(scenario, plan);
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), scenario.name]);
    return reason === undefined;
  });
  for (const [reason, names] of reasons) console.error(`without ${names.join(', ')}: ${reason}`);
  return chosen;
}

/** Keeps only the contenders that are installed and wanted. */
export function chooseContenders(scenarios: readonly Scenario[], without: readonly string[]): Scenario[] {
  const all = new Map(scenarios.flatMap(({ contenders }) => contenders).map((each) => [each.name, each]));
  const unknown = without.find((name) => !all.has(name));
  if (unknown !== undefined)
    throw new Error(`no contender is called ${unknown}: ${[...all.keys()].join('; ')}`);
  const absent = new Set([...without, ...[...all.values()].filter(isAbsent).map(({ name }) => name)]);
  return scenarios.map((scenario) => ({
    ...scenario,
    contenders: scenario.contenders.filter(({ name }) => !absent.has(name)),
  }));
}

function named(name: string): Scenario {
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario !== undefined) return scenario;
  throw new Error(`no scenario is called ${name}: ${SCENARIOS.map((known) => known.name).join(', ')}`);
}

function guardRunnable(scenario: Scenario, plan: Plan): Scenario {
  const reason = obstacle(scenario, plan);
  if (reason !== undefined) throw new Error(`cannot run ${scenario.name}: ${reason}`);
  return scenario;
}

function reasonAgainst(scenario: Scenario, plan: Plan): string | undefined {
  const isOnMounts = plan.sourceParent !== undefined || plan.destinationParent !== undefined;
  if (plan.source === undefined && isOnMounts && scenario.place !== 'mounts')
    return 'not for mounts unless named with --scenario';
  return obstacle(scenario, plan);
}

function obstacle(scenario: Scenario, plan: Plan): string | undefined {
  const { place, suitsAnyTree, isCold } = scenario;
  const given = [plan.source, plan.sourceParent, plan.destinationParent];
  if (place === 'mounts' && given.every((directory) => directory === undefined))
    return 'for mounts, to be named with --source-parent and --destination-parent';
  if (plan.source !== undefined && !suitsAnyTree) return '--source is not the tree that is needed';
  if (isCold && !canDropCaches(plan.beforeRun)) return 'dropping caches takes root, or --before-run';
  return lackOfRoom(scenario, plan);
}

function isAbsent({ name, programs }: Contender): boolean {
  const missing = programs.find((program) => !isInstalled(program));
  if (missing !== undefined) console.error(`without ${name}: ${missing} is not installed`);
  return missing !== undefined;
}
