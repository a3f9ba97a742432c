/** Runs for other programs: nothing is printed, no signal is handled, and the process goes on. */
import type { AssumedDestination, Check, Obstacle, ScanTotals } from '../model/preflight-results.ts';
import { UsageError } from '../model/run/errors.ts';
import { REPORT_LIST_LIMIT, type Report } from '../model/run/report.ts';
import type { Explanation } from '../model/run/explanation.ts';
import type { Reporter } from '../model/run/reporter.ts';
import type { Task } from '../model/task.ts';
import { utf8Bytes } from '../model/display-name.ts';
import type { RunContext } from '../sync.ts';
import * as engine from '../sync.ts';
import { estimateByHistory } from '../report/estimate-by-history.ts';
import { resolveTask } from '../cli/resolve-task.ts';
import { exitStatusOf } from '../report/exit-status.ts';
import { jsonText } from '../report/json/json-parts.ts';
import { reportToJson } from '../report/json/to-json.ts';
import { NO_PAINT } from '../report/screen.ts';
import { formatReport } from '../report/text/final-report.ts';
import { readOptions } from './read-options.ts';
import type { Path, SyncOptions } from './sync-options.ts';

export interface Following {
  /** Called while the run goes on; each method is optional. */
  readonly reporter?: Partial<Reporter> | undefined;
  /** On abort, the run stops, tidies up and reports. */
  readonly signal?: AbortSignal | undefined;
}

export type RunOptions = SyncOptions & Following;

export interface RunResult {
  readonly report: Report;
  /** That of the command. */
  readonly exitStatus: number;
  /** The report for people, as in `--report=FILE.txt`. */
  text(): string;
  /** The report for programs, as in `--report=FILE.json`. */
  json(): string;
}

/** @throws UsageError, LocationError, DestinationBusy, FatalError, TimedOut */
export async function sync(source: Path, destination: Path, options: RunOptions = {}): Promise<RunResult> {
  const { task, context } = await ready('sync', [source, destination], options);
  return resultOf(await engine.sync(task, context));
}

/** Compares completely and writes nothing. @throws UsageError, LocationError, FatalError, TimedOut */
export async function verify(source: Path, destination: Path, options: RunOptions = {}): Promise<RunResult> {
  const { task, context } = await ready('verify', [source, destination], options);
  return resultOf(await engine.verify(task, context));
}

/** What a sync would meet. Writes one file to the destination and removes it. @throws UsageError, TimedOut */
export async function preflight(
  source: Path,
  destination: Path,
  options: RunOptions = {},
): Promise<readonly Check[]> {
  const { task, context } = await ready('sync', [source, destination], { ...options, 'dry-run': true });
  return engine.preflight(task, context);
}

export type ScanOptions = RunOptions & {
  readonly onObstacle?: (obstacle: Obstacle) => void;
  /** In place of a destination. */
  readonly for?: AssumedDestination;
};

/** @throws UsageError */
function guardAssumed(destination: Path | undefined, assumed: AssumedDestination | undefined): void {
  if (assumed !== undefined && (assumed as string) !== 'efs') throw new UsageError("'for' must be efs");
  if (destination !== undefined && assumed !== undefined)
    throw new UsageError(`'for' takes the place of the destination: give one of them`);
  if (destination === undefined && assumed === undefined)
    throw new UsageError('the destination must be a string or a Buffer');
}

/** What of the source the destination cannot hold. @throws UsageError, LocationError, Interrupted, TimedOut */
export async function scan(
  source: Path,
  destination: Path | undefined,
  options: ScanOptions = {},
): Promise<ScanTotals> {
  const { onObstacle = () => undefined, for: assumed, ...others } = options;
  guardAssumed(destination, assumed);
  // With an assumed destination, the operand is not used.
  const roots = [source, destination ?? '.'] as const;
  const { task, context } = await ready('sync', roots, { ...others, 'dry-run': true });
  return estimateByHistory(await engine.scan(task, context, onObstacle, assumed), task, context.reporter);
}

/**
 * What a sync would do about each path, and why. Writes nothing. @param paths below the source, or absolute below
 * either side @throws UsageError, LocationError, Interrupted, TimedOut
 */
export async function why(
  paths: readonly Path[],
  source: Path,
  destination: Path,
  options: RunOptions = {},
): Promise<readonly Explanation[]> {
  if (!Array.isArray(paths)) throw new UsageError('the paths must be a list');
  const asked = paths.map((path: unknown) => bytesOf('path', path));
  const { task, context } = await ready('sync', [source, destination], { ...options, 'dry-run': true });
  return engine.why(task, context, asked);
}

async function ready(
  command: 'sync' | 'verify',
  [source, destination]: readonly [Path, Path],
  { reporter = {}, signal = new AbortController().signal, ...given }: RunOptions,
): Promise<{ task: Task; context: RunContext }> {
  const read = readOptions(given);
  const roots = { source: bytesOf('source', source), destination: bytesOf('destination', destination) };
  const patience = { signal, timeoutMs: Number(read.options['timeout'] ?? 0) * 1000 };
  const task = await resolveTask({ command, ...roots, ...read }, patience);
  const listChanges = task.settings.listChanges || reporter.changed !== undefined;
  const listVerified = reporter.verified !== undefined;
  const settings = Object.freeze({ ...task.settings, listChanges, listVerified });
  return { task: { ...task, settings }, context: { reporter: completed(reporter), signal } };
}

/** @throws UsageError */
function bytesOf(side: string, path: unknown): string {
  if (typeof path !== 'string' && !Buffer.isBuffer(path)) {
    throw new UsageError(`the ${side} must be a string or a Buffer`);
  }
  const bytes = typeof path === 'string' ? utf8Bytes(path) : path.toString('latin1');
  if (bytes === '' || bytes.includes('\0')) {
    throw new UsageError(`the ${side} must be a path: this is empty or has a NUL in it`);
  }
  return bytes;
}

function resultOf(report: Report): RunResult {
  const style = { paint: NO_PAINT, stats: true, facts: true, listLimit: REPORT_LIST_LIMIT };
  return {
    report,
    exitStatus: exitStatusOf(report.outcome),
    text: () => formatReport(report, style),
    json: () => `${jsonText(reportToJson(report), 2)}\n`,
  };
}

function completed(reporter: Partial<Reporter>): Reporter {
  return {
    waiting: (...told) => reporter.waiting?.(...told),
    started: (...told) => reporter.started?.(...told),
    advised: (...told) => reporter.advised?.(...told),
    phaseStarted: (...told) => reporter.phaseStarted?.(...told),
    progressed: (...told) => reporter.progressed?.(...told),
    waitsFor: (...told) => reporter.waitsFor?.(...told),
    phaseEnded: (...told) => reporter.phaseEnded?.(...told),
    changed: (...told) => reporter.changed?.(...told),
    skipped: (...told) => reporter.skipped?.(...told),
    linksSplit: (...told) => reporter.linksSplit?.(...told),
    limitsChanged: (...told) => reporter.limitsChanged?.(...told),
    warned: (...told) => reporter.warned?.(...told),
    problem: (...told) => reporter.problem?.(...told),
    verdict: (...told) => reporter.verdict?.(...told),
    repaired: (...told) => reporter.repaired?.(...told),
    verified: (...told) => reporter.verified?.(...told),
    finished: (...told) => reporter.finished?.(...told),
  };
}
