/** Records a run in the history: at its start, at each phase, every few seconds, and at its end. */
import { hostname } from 'node:os';
import { capitalized, totalOf } from '../text/quantities.ts';
import { DestinationBusy, reportOfError, UsageError } from '../../model/run/errors.ts';
import type { Stage, Execution, ExecutionEnd } from '../../model/run/execution.ts';
import type { Report } from '../../model/run/report.ts';
import { type Tally, COUNTER_NAMES } from '../../model/tally.ts';
import type { Task } from '../../model/task.ts';
import { outcomeOfError } from '../../policy/decide-outcome.ts';
import type { ExecutionKeeper } from '../../history/keep-execution.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import { reasonOf } from '../error-reason.ts';
import { exitStatusOf } from '../exit-status.ts';
import { errorLine } from '../text/sentences.ts';
import type { PartialReporter } from './command-reporter.ts';

const KEEP_EVERY_MS = 5000;
/** PERF: a new phase is recorded at once, but not the phases of no length in a run with nothing to do. */
const AT_MOST_EVERY_MS = 100;

const NOTHING = Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as Tally;

/** The record of a run that has not done anything yet. */
export function beginExecution(task: Task, kind: Execution['kind']): Execution {
  const nowMs = Date.now();
  const { name, settings } = task;
  return {
    ...(name !== undefined && { name }),
    source: absolutePath(task.source),
    destination: absolutePath(task.destination),
    kind,
    verify: settings.verify,
    checksum: settings.checksum,
    host: hostname(),
    pid: process.pid,
    startedAtMs: nowMs,
    stage: 'Starting',
    stageStartedAtMs: nowMs,
    updatedAtMs: nowMs,
    phases: [],
    tally: NOTHING,
  };
}

/**
 * `warn` is called once if the history cannot be written; the run goes on, and later states are still tried.
 */
export function createHistoryReporter(
  first: Execution,
  keeper: ExecutionKeeper,
  warn: (message: string) => void,
): PartialReporter {
  let execution = first;
  let keptAtMs = performance.now();
  let nextKeepMs = keptAtMs + KEEP_EVERY_MS;
  let isWarned = false;
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!isWarned) warn(`cannot write the history of this run: ${reasonOf(error)}; continuing without it`);
      isWarned = true;
    }
  };
  const keepWhenDue = (): void => {
    if (performance.now() < nextKeepMs) return;
    keptAtMs = performance.now();
    nextKeepMs = keptAtMs + KEEP_EVERY_MS;
    execution = { ...execution, updatedAtMs: Date.now() };
    attempt(() => keeper.keep(execution));
  };
  const finish = (end: ExecutionEnd, change: Partial<Execution> = {}): void => {
    execution = { ...execution, ...change, updatedAtMs: Date.now(), end };
    attempt(() => keeper.finish(execution));
  };
  return {
    phaseStarted(phase) {
      execution = { ...execution, stage: capitalized(phase) as Stage, stageStartedAtMs: Date.now() };
      nextKeepMs = keptAtMs + AT_MOST_EVERY_MS;
      keepWhenDue();
    },
    progressed(tally) {
      execution = { ...execution, tally };
      keepWhenDue();
    },
    phaseEnded(phase, elapsedMs) {
      execution = { ...execution, phases: [...execution.phases, { phase, elapsedMs }] };
    },
    finished: (report) => finish(endOfReport(report), { tally: report.tally, phases: report.phases }),
    failed(error) {
      if (isNoRun(error)) attempt(() => keeper.forget());
      else finish(endOfError(error, Date.now() - first.startedAtMs));
    },
  };
}

/** True if nothing was begun: the request is wrong, or another run is doing it. */
function isNoRun(error: unknown): boolean {
  return error instanceof UsageError || error instanceof DestinationBusy;
}

function endOfReport(report: Report): ExecutionEnd {
  return {
    status: report.outcome.status,
    exitStatus: exitStatusOf(report.outcome),
    coverage: report.coverage,
    elapsedMs: report.elapsedMs,
    problems: totalOf(report.problemCounts),
    differences: totalOf(report.verdictCounts),
    ...(report.repairCounts && { repaired: totalOf(report.repairCounts) }),
    isComplete: report.outcome.status !== 'Interrupted',
  };
}

function endOfError(error: unknown, elapsedMs: number): ExecutionEnd {
  const [outcome, report] = [outcomeOfError(error), reportOfError(error)];
  return {
    status: outcome.status,
    exitStatus: exitStatusOf(outcome),
    elapsedMs,
    problems: totalOf(report?.problemCounts),
    differences: totalOf(report?.verdictCounts),
    isComplete: false,
    reason: errorLine(error),
  };
}
