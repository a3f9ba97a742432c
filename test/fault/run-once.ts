/** One run of the engine under faults, and all that it says. */
import { readdirSync } from 'node:fs';
import type { Reporter } from '../../src/model/run/reporter.ts';
import type { Report } from '../../src/model/run/report.ts';
import type { Task } from '../../src/model/task.ts';
import { NOBODY } from '../support/run-cli.ts';
import { exitStatusOf, outcomeOfError, sync, verify } from './engine.ts';
import { withFaults, type Faults } from './faults.ts';
import type { Scenario } from './scenarios.ts';

export interface Outcome {
  readonly status: number;
  readonly report: Report | undefined;
  readonly error: unknown;
  /** Descriptors that the run leaked. */
  readonly leaked: number;
}

/** These trees take far less, so a run that exceeds this hangs. */
const PATIENCE_MS = 20_000;

type How = Pick<Scenario, 'command' | 'asNobody'>;

export async function runOnce(
  task: Task,
  { command, asNobody = false }: How,
  faults: Faults,
): Promise<Outcome> {
  const engine = command === 'sync' ? sync : verify;
  const before = openCount();
  const context = { reporter: reporterFor(faults), signal: new AbortController().signal };
  let report: Report | undefined;
  let error: unknown;
  if (asNobody) becomeNobody();
  try {
    report = await withFaults(faults, () => withPatience(engine(task, context)));
  } catch (thrown) {
    error = thrown;
  } finally {
    if (asNobody) becomeRoot();
  }
  const status = exitStatusOf(report?.outcome ?? outcomeOfError(error));
  return { status, report, error, leaked: openCount() - before };
}

function becomeNobody(): void {
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
}

function becomeRoot(): void {
  process.seteuid?.(0);
  process.setegid?.(0);
}

function openCount(): number {
  return readdirSync('/proc/self/fd').length;
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hanging = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, hanging]);
  } finally {
    clearTimeout(timer);
  }
}

const ignore = () => undefined;

/** A reporter that only tracks the phase. */
export function reporterFor(faults: Faults): Reporter {
  return {
    started: () => (faults.phase = 'started'),
    phaseStarted: (phase) => (faults.phase = phase),
    phaseEnded: (phase) => (faults.phase = `after ${phase}`),
    finished: ignore,
    waiting: ignore,
    progressed: ignore,
    changed: ignore,
    skipped: ignore,
    waitsFor: ignore,
    limitsChanged: ignore,
    warned: ignore,
    problem: ignore,
    verdict: ignore,
    repaired: ignore,
    advised: ignore,
    linksSplit: ignore,
    verified: ignore,
  };
}
