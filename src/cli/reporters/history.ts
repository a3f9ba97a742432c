/** Tells the history how a run goes: at its start, at each phase, every few seconds, and at its end. */
import { capitalized } from '../format/capitalized.ts';
import { DestinationBusy, UsageError } from '../../errors.ts';
import type { Execution, ExecutionEnd, Stage } from '../../model/execution.ts';
import type { Report } from '../../model/report.ts';
import { COUNTER_NAMES, type Tally } from '../../model/tally.ts';
import type { Task } from '../../model/task.ts';
import { outcomeOfError } from '../../policy/outcome.ts';
import type { ExecutionKeeper } from '../../sync.ts';
import { absolutePath } from '../absolute-path.ts';
import { reasonOf } from '../error-reason.ts';
import { exitStatusOf } from '../exit-status.ts';
import { totalOf } from '../metrics/run-metrics.ts';
import { errorLine } from '../format/sentences.ts';
import type { PartialReporter } from './command-reporter.ts';

const KEEP_EVERY_MS = 5000;
/** PERF: a phase that has begun is told at once, but phases of no length, in a run with nothing to do, are not. */
const AT_MOST_EVERY_MS = 100;

const NOTHING = Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as Tally;

/** What a run is before it has done anything. */
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
    pid: process.pid,
    startedAtMs: nowMs,
    stage: 'Starting',
    stageStartedAtMs: nowMs,
    updatedAtMs: nowMs,
    phases: [],
    tally: NOTHING,
  };
}

/** `warn` hears once of a history that cannot be written; the run goes on, and later states are tried all the same. */
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
      if (!isWarned) warn(`cannot write the history of this run: ${reasonOf(error)}; going on without it`);
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

/** Nothing was begun: what was asked for is wrong, or being done by another run. */
function isNoRun(error: unknown): boolean {
  return error instanceof UsageError || error instanceof DestinationBusy;
}

function endOfReport(report: Report): ExecutionEnd {
  return {
    status: report.outcome.status,
    exitStatus: exitStatusOf(report.outcome),
    elapsedMs: report.elapsedMs,
    problems: totalOf(report.problemCounts),
    differences: totalOf(report.verdictCounts),
    isComplete: report.outcome.status !== 'Interrupted',
  };
}

function endOfError(error: unknown, elapsedMs: number): ExecutionEnd {
  const outcome = outcomeOfError(error);
  return {
    status: outcome.status,
    exitStatus: exitStatusOf(outcome),
    elapsedMs,
    problems: 0,
    differences: 0,
    isComplete: false,
    reason: errorLine(error),
  };
}
