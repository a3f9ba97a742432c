/** Runs cases of a scenario, as many as there is time for, and tells of those that break a promise. */
import { runCase, type Stage } from './case.ts';
import { LONG_SECONDS, SEED, seededRandom } from '../support/seed.ts';
import { oneForEachSite } from './call-sites.ts';
import { anyFaults, shuffled, wholeMatrix } from './choose-cases.ts';
import type { Fault, MadeCall } from './faults.ts';
import { onceBroken } from './once-broken.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** One share of the time per scenario, and one for the scenario without openat2. */
const SHARES = SCENARIOS.length + 1;
/** Cases per scenario in a short run. */
const SAMPLE = 10;

/** The timeout of a test that runs cases. */
export const TIMEOUT_MS = 900_000 + 1_000 * (LONG_SECONDS ?? 0);

/** More failures than this add nothing. */
const MOST_TOLD = 20;

/** Across scenarios: a site is tested in the first scenario that reaches it. */
const sitesSeen = new Set<string>();

export function* casesOf(scenario: Scenario, made: readonly MadeCall[]): Iterable<readonly Fault[]> {
  for (const fault of onceBroken(scenario.name, made)) yield [fault];
  const draw = seededRandom(SEED);
  const matrix = shuffled(wholeMatrix(made), draw);
  if (LONG_SECONDS === undefined) {
    for (const fault of oneForEachSite(made, sitesSeen)) yield [fault];
    for (const fault of matrix.slice(0, SAMPLE)) yield [fault];
    return;
  }
  const endMs = performance.now() + (LONG_SECONDS * 1000) / SHARES;
  for (let index = 0; performance.now() < endMs; index++) {
    const fault = matrix[index];
    if (fault !== undefined) yield [fault];
    if (fault === undefined || index % 3 === 0) yield anyFaults(made, draw);
  }
}

export async function runCases(stage: Stage, cases: Iterable<readonly Fault[]>): Promise<string[]> {
  const broken: string[] = [];
  let [count, unreached, failures] = [0, 0, 0];
  for (const faults of cases) {
    const result = await runCase(stage, faults);
    count++;
    if (!result.wasReached) unreached++;

    if (result.broken.length === 0) continue;
    failures++;
    const fault = `EFS_SYNC_FAULT='${JSON.stringify({ scenario: stage.scenario.name, faults })}'`;
    const sentence = [fault, ...result.broken].join('\n  ');
    // A long run prints each failure at once, well before its end.
    if (LONG_SECONDS !== undefined) console.log(sentence);
    if (failures <= MOST_TOLD) broken.push(sentence);
  }
  const name = stage.scenario.name;
  console.log(`${name}: ${count} cases, ${failures} broken, ${unreached} not reached, EFS_SYNC_SEED=${SEED}`);
  return broken;
}
