/**
 * One run:
 *
 *   open both roots, refuse pairs that would destroy data   (openRoots)
 *   Preparing: list both sides, write the plan              (prepare)
 *   Syncing: apply the plan                                 (applyPlan)
 *   Verifying: rescan both sides, judge each difference     (verifyTrees)
 *   report                                                  (conclude)
 */
import { Interrupted } from './errors.ts';
import type { Check } from './model/check.ts';
import type { Obstacle } from './model/obstacle.ts';
import type { PhaseTime, Report } from './model/report.ts';
import type { Reporter } from './model/reporter.ts';
import type { Phase, Task } from './model/task.ts';
import { conclude } from './phases/conclude.ts';
import { checkAtStart } from './phases/preflight/at-start.ts';
import { runPreflight } from './phases/preflight/preflight.ts';
import { prepare } from './phases/preparing/preparing.ts';
import type { Run } from './phases/run.ts';
import { scanSource, type ScanTotals } from './phases/scanning/scan.ts';
import { withRun, type RunContext } from './phases/start-run.ts';
import { applyPlan } from './phases/syncing/syncing.ts';
import { verifyTransferred, verifyTrees } from './phases/verifying/verifying.ts';
import { watchProgress } from './phases/watch-progress.ts';

export { packPaths, type RunContext } from './phases/start-run.ts';
export type { ScanTotals } from './phases/scanning/scan.ts';
export { keepExecution, type ExecutionKeeper } from './phases/history/keep-execution.ts';
export { readHistory } from './phases/history/read-history.ts';
export { leavePastExitHandlers, leaveStuckThreads } from './phases/leave-process.ts';
export {
  findReplaceable,
  makeFile,
  openInput,
  openToAppend,
  type Replaceable,
} from './phases/operator-files.ts';
export { openDatagramSocket } from './phases/notify-service.ts';

type RunPhase = <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;

/**
 * Makes the contents of the source the contents of the destination, and verifies it; with `dryRun`, says
 * what would be done. @throws LocationError, DestinationBusy, FatalError, TimedOut
 */
export async function sync(task: Task, context: RunContext): Promise<Report> {
  const { dryRun, verify: verifyMode } = task.settings;
  const command = dryRun ? 'prepare' : 'sync';
  return execute({ task, context, command }, async (run, inPhase) => {
    const plan = await inPhase('preparing', () => prepare(run));
    if (dryRun) return;
    await inPhase('syncing', () => applyPlan(run, plan));
    if (verifyMode === 'full') await inPhase('verifying', () => verifyTrees(run));
    if (verifyMode === 'transferred') await inPhase('verifying', () => verifyTransferred(run, plan));
  });
}

/** Verifying alone: compares both sides completely and writes nothing. @throws LocationError, TimedOut */
export async function verify(task: Task, context: RunContext): Promise<Report> {
  return execute({ task, context, command: 'verify' }, async (run, inPhase) => {
    await inPhase('verifying', () => verifyTrees(run));
  });
}

/** What a sync would meet. Writes one file to the destination and removes it. @throws TimedOut */
export async function preflight(task: Task, reporter: Pick<Reporter, 'warned'>): Promise<Check[]> {
  return runPreflight(task, reporter);
}

/** What of the source the destination cannot hold: told as it is found. Writes nothing. @throws LocationError, Interrupted, TimedOut */
export async function scan(
  task: Task,
  context: RunContext,
  tell: (obstacle: Obstacle) => void,
): Promise<ScanTotals> {
  return scanSource(task, context, tell);
}

interface Execution {
  readonly task: Task;
  readonly context: RunContext;
  readonly command: Report['command'];
}

async function execute(
  { task, context, command }: Execution,
  work: (run: Run, inPhase: RunPhase) => Promise<void>,
): Promise<Report> {
  const startedAt = new Date();
  const startMs = performance.now();
  const request = { task, ...context, mayWrite: command === 'sync' };
  const report = await withRun(request, async (run) => {
    const phases: PhaseTime[] = [];
    context.reporter.started(run.task);
    for (const check of checkAtStart(run)) context.reporter.advised(check);
    const isInterrupted = await wasInterrupted(run, () =>
      watchProgress(run, () => work(run, phaseRunner(run, phases))),
    );
    const elapsedMs = performance.now() - startMs;
    return conclude(run, { command, startedAt, elapsedMs, phases, isInterrupted });
  });
  // Not before: what is left to tidy up may still time out, and a run has one end.
  context.reporter.finished(report);
  return report;
}

function phaseRunner({ reporter, counters, statistics }: Run, phases: PhaseTime[]): RunPhase {
  return async (phase, work) => {
    reporter.phaseStarted(phase);
    statistics?.startPhase(phase);
    const startMs = performance.now();
    try {
      return await work();
    } finally {
      const elapsedMs = performance.now() - startMs;
      phases.push({ phase, elapsedMs });
      const tally = counters.totals();
      statistics?.endPhase(tally);
      reporter.progressed(tally);
      reporter.phaseEnded(phase, elapsedMs);
    }
  };
}

async function wasInterrupted({ results }: Run, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    if (results.fatal !== undefined) throw results.fatal;
    return true;
  }
}
