/**
 * One run:
 *
 *   open both roots, refuse pairs that would destroy data   (openRoots)
 *   Preparing: list both sides, write the plan              (prepare)
 *   Syncing: apply the plan                                 (applyPlan)
 *   Verifying: rescan both sides, judge each difference     (verifyCopy)
 *   with --repair: all three again, for what differs        (repair)
 *   report                                                  (conclude)
 */
import type { ByteString } from './model/byte-string.ts';
import type { Explanation } from './model/run/explanation.ts';
import { FatalError, Interrupted, StoppedAtTime } from './model/run/errors.ts';
import type { AssumedDestination, Check, Obstacle, ScanTotals } from './model/preflight-results.ts';
import type { PhaseTime, Report } from './model/run/report.ts';
import type { Task, Phase } from './model/task.ts';
import { conclude, type Conclusion } from './run/conclude.ts';
import { provenanceOf } from './run/origin.ts';
import { checkAtStart, type PreflightContext, runPreflight } from './preflight/preflight.ts';
import { lockDirectories } from './phases/lock-directories.ts';
import { prepare } from './phases/preparing/preparing.ts';
import { type Run, watchProgress } from './engine/context/run.ts';
import { explainPaths } from './run/explain.ts';
import { type RunContext, withRun } from './run/start-run.ts';
import { limitTime } from './run/time-limit.ts';
import { applyPlan } from './phases/syncing/syncing.ts';
import { verifyCopy, verifyTransferred, verifyTrees } from './phases/verifying/verifying.ts';

export { packPaths, type RunContext } from './run/start-run.ts';

type RunPhase = <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;

/**
 * Makes the destination's contents equal to the source's, and verifies them; with `dryRun`, reports what
 * would be done. @throws LocationError, DestinationBusy, FatalError, TimedOut
 */
export async function sync(task: Task, context: RunContext): Promise<Report> {
  const { dryRun, verify: verifyMode } = task.settings;
  const command = dryRun ? 'prepare' : 'sync';
  return execute({ task, context, command }, async (run, inPhase) => {
    const plan = await inPhase('preparing', () => prepare(run));
    if (dryRun) return;
    await inPhase('syncing', () => applyPlan(run, plan));
    if (verifyMode === 'none') return;
    await inPhase('verifying', async () => {
      await (verifyMode === 'full' ? verifyCopy(run) : verifyTransferred(run, plan));
      if (run.results.toRepair.length > 0) await repairAll(run);
    });
  });
}

/** Verifying alone: compares both sides completely and writes nothing. @throws LocationError, TimedOut */
export async function verify(task: Task, context: RunContext): Promise<Report> {
  return execute({ task, context, command: 'verify' }, async (run, inPhase) => {
    await inPhase('verifying', () => verifyTrees(run));
  });
}

/**
 * Checks for problems that a sync would meet. Writes one file to the destination and removes it. @throws
 * TimedOut
 */
export async function preflight(
  task: Task,
  context: PreflightContext,
  assumed?: AssumedDestination,
): Promise<Check[]> {
  return runPreflight(task, context, assumed === undefined ? 'refuse' : 'none');
}

/**
 * Reports source entries that the destination cannot hold, as they are found. Writes nothing.
 * @param assumed there is no destination, but this is what it will be @throws
 * LocationError, Interrupted, TimedOut
 */
export async function scan(
  task: Task,
  context: RunContext,
  tell: (obstacle: Obstacle) => void,
  assumed?: AssumedDestination,
): Promise<ScanTotals> {
  return withinTime(task, context, async (limited) => {
    const { scanSource } = await import('./run/scan.ts');
    return scanSource(task, limited, tell, assumed);
  });
}

/** Tells what a sync would do about some paths, and why. Writes nothing. @throws UsageError, LocationError, Interrupted, TimedOut */
export async function why(
  task: Task,
  context: RunContext,
  paths: readonly ByteString[],
): Promise<readonly Explanation[]> {
  return withinTime(task, context, (limited) => explainPaths(task, limited, paths));
}

async function withinTime<T>(
  { settings }: Task,
  context: RunContext,
  work: (limited: RunContext) => Promise<T>,
): Promise<T> {
  const limit = limitTime(settings, context.signal);
  try {
    return await work({ ...context, signal: limit.signal });
  } catch (error) {
    const { reason } = limit.signal as { reason: unknown };
    throw error instanceof Interrupted && reason instanceof StoppedAtTime ? reason : error;
  } finally {
    limit.end();
  }
}

interface Execution {
  readonly task: Task;
  readonly context: RunContext;
  readonly command: Report['command'];
}

/** Where there is no destination. */
const IF_MISSING = { sync: 'make', prepare: 'plan', verify: 'refuse' } as const;

async function execute(
  { task, context, command }: Execution,
  work: (run: Run, inPhase: RunPhase) => Promise<void>,
): Promise<Report> {
  const startedAt = new Date();
  const startMs = performance.now();
  const limit = limitTime(task.settings, context.signal);
  const request = {
    task,
    ...context,
    signal: limit.signal,
    mayWrite: command === 'sync',
    ifMissing: IF_MISSING[command],
  };
  const concluded = await withRun(request, async (run) => {
    const phases: PhaseTime[] = [];
    const provenance = provenanceOf(run, context.origin);
    context.reporter.started(run.task, provenance);
    for (const check of checkAtStart(run, command === 'prepare')) context.reporter.advised(check);
    const concludeNow = (end: Pick<Conclusion, 'interruption' | 'error'>): Report => {
      const elapsedMs = performance.now() - startMs;
      return conclude(run, { command, provenance, startedAt, elapsedMs, phases, ...end });
    };
    try {
      const isInterrupted = await wasInterrupted(run, () =>
        watchProgress(run, () => work(run, phaseRunner(run, phases))),
      );
      return concludeNow(isInterrupted ? { interruption: limit.interruption() } : {});
    } catch (error) {
      if (error instanceof FatalError) error.report = concludeNow({ error });
      throw error;
    }
  }).finally(limit.end);
  const report = leavesWork(concluded) ? await withList(concluded, context) : concluded;
  // Not earlier: cleanup may still time out, and a run ends only once.
  context.reporter.finished(report);
  return report;
}

/** After an interruption, what was not reached is not known. */
function leavesWork({ command, outcome, problems, verdicts }: Report): boolean {
  const isWhole = command !== 'prepare' && outcome.status !== 'Interrupted';
  return isWhole && problems.length + verdicts.length > 0;
}

async function withList(report: Report, { reporter }: RunContext): Promise<Report> {
  const { withRetryList } = await import('./run/with-retry-list.ts');
  return withRetryList(report, reporter);
}

/** PERF: loaded only where something differs. */
async function repairAll(run: Run): Promise<void> {
  const { repair } = await import('./run/repair.ts');
  await repair(run);
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

async function wasInterrupted(run: Run, work: () => Promise<void>): Promise<boolean> {
  const { results } = run;
  try {
    await work();
    return false;
  } catch (error) {
    await lockDirectories(run);
    if (!(error instanceof Interrupted)) throw error;
    if (results.fatal !== undefined) throw results.fatal;
    return true;
  }
}
