/** The reporters a run needs, by what the user wants to see and where it goes. */
import { LocationError } from '../../errors.ts';
import type { Task } from '../../model/task.ts';
import type { OutputTrouble } from '../output-files.ts';
import type { Presentation } from '../presentation.ts';
import { reasonOf } from '../error-reason.ts';
import { adviceText, skippedLine, splitLine, waitingLine } from '../format/sentences.ts';
import type { Screen } from '../screen.ts';
import { createChangeList } from './change-list.ts';
import { createClosingReporter, createQuietClosing } from './closing.ts';
import { combineReporters, type CommandReporter, type PartialReporter } from './command-reporter.ts';
import { beginExecution, createHistoryReporter } from './history.ts';
import { createJsonReporter } from './json.ts';
import { createLogFileReporter } from './log-file.ts';
import { createPlainReporter } from './plain.ts';
import { createProgressOnDemand } from './progress-on-demand.ts';
import { createTroubleReporter } from './trouble.ts';

const PLAIN_EVERY_MS = 30_000;
const PROGRESS_EVERY_MS = 1000;

/** `losses` hears what of the output is incomplete for good. @throws UsageError where a file cannot be written; Interrupted, TimedOut */
export async function createReporter(
  presentation: Presentation,
  task: Task,
  screen: Screen,
  losses: Omit<OutputTrouble, 'warn'>,
): Promise<CommandReporter> {
  const trouble = createTroubleReporter(screen);
  const { logFile, metricsFile, embeddedMetricsFile, manifestFile } = presentation;
  const outputs: OutputTrouble = { warn: (message) => trouble.warned?.(message), ...losses };
  const log = logFile === undefined ? [] : [await createLogFileReporter(logFile, outputs)];
  const metrics = metricsFile === undefined ? [] : [await loadMetrics(metricsFile, task, outputs)];
  const embedded =
    embeddedMetricsFile === undefined
      ? []
      : [await loadEmbeddedMetrics(embeddedMetricsFile, screen, outputs)];
  const manifest = manifestFile === undefined ? [] : [await loadManifest(manifestFile, task, outputs)];
  const service = await loadService(process.env['NOTIFY_SOCKET'], outputs);
  const history = task.settings.dryRun ? [] : [await loadHistory(task, presentation.command, outputs)];
  const files = [...log, ...metrics, ...embedded, ...manifest, ...history];
  const reporters = [...(await shown(presentation, screen, trouble)), ...files, ...service];
  return combineReporters([...reporters, createProgressOnDemand(screen)]);
}

async function loadMetrics(file: string, task: Task, outputs: OutputTrouble): Promise<PartialReporter> {
  const { createMetricsReporter } = await import('./metrics-file.ts');
  return createMetricsReporter(file, task, outputs);
}

async function loadEmbeddedMetrics(
  file: string,
  screen: Screen,
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const { createEmbeddedMetricsReporter } = await import('./embedded-metrics.ts');
  return createEmbeddedMetricsReporter(file, screen, outputs);
}

async function loadService(address: string | undefined, { warn }: OutputTrouble): Promise<PartialReporter[]> {
  if (!address) return [];
  const { createServiceReporter } = await import('./service.ts');
  const { serviceManagerAt } = await import('../service-manager.ts');
  return [createServiceReporter(serviceManagerAt(address, warn))];
}

/** Last of all: what is refused for its command line is in no history. */
async function loadHistory(
  task: Task,
  kind: 'sync' | 'verify',
  { warn }: OutputTrouble,
): Promise<PartialReporter> {
  const { stateDirectory } = task.settings;
  if (stateDirectory === '') return {};
  const { keepExecution } = await import('../../sync.ts');
  const first = beginExecution(task, kind);
  try {
    return createHistoryReporter(first, await keepExecution(stateDirectory, first), warn);
  } catch (error) {
    // A sync without its lock will not start, and says why by itself.
    const reason = error instanceof LocationError ? error.message : reasonOf(error);
    return { started: () => warn(`this run is not in the history: ${reason}`) };
  }
}

async function loadManifest(file: string, task: Task, outputs: OutputTrouble): Promise<PartialReporter> {
  const { createManifestReporter } = await import('./manifest-file.ts');
  return createManifestReporter(file, task, outputs);
}

/** For an error before there is a run to report on. */
export function createErrorReporter(screen: Screen, json: boolean): CommandReporter {
  const trouble = createTroubleReporter(screen);
  return combineReporters(json ? [createJsonReporter(screen, 'sync'), trouble] : [trouble]);
}

async function shown(
  presentation: Presentation,
  screen: Screen,
  trouble: PartialReporter,
): Promise<PartialReporter[]> {
  const { json, quiet, listing, stats, progress, command } = presentation;
  if (json) return [createJsonReporter(screen, command), { failed: (error) => trouble.failed?.(error) }];
  if (quiet) return [trouble, createQuietClosing(screen)];
  const phases = screen.isLive
    ? await (await import('./terminal.ts')).createTerminalReporter(screen)
    : createPlainReporter(screen, progress ? PROGRESS_EVERY_MS : PLAIN_EVERY_MS);
  const list = listing === 'none' ? [] : [createChangeList(screen, listing)];
  const notices: PartialReporter = {
    waiting: (destination, holder) => screen.err(`efs-sync: ${waitingLine(destination, holder)}\n`),
    advised: (check) => trouble.warned?.(adviceText(check)),
    linksSplit: (split) => screen.out(`${splitLine(split)}\n`),
    skipped: (path) => screen.out(`${skippedLine(path)}\n`),
  };
  return [phases, notices, ...list, trouble, createClosingReporter(screen, stats)];
}
