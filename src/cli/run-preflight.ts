/** `efs-sync preflight`: prints a line for each check, as File Sync's system check did. */
import { jsonText } from '../report/json/json-parts.ts';
import { preflight, scan } from '../sync.ts';
import type { Check, Obstacle } from '../model/preflight-results.ts';
import type { Tally } from '../model/tally.ts';
import type { Task } from '../model/task.ts';
import { estimateByHistory } from '../report/estimate-by-history.ts';
import { resolveTask } from './resolve-task.ts';
import { ExitStatus } from '../report/exit-status.ts';
import { counted } from '../report/text/quantities.ts';
import { obstacleCheck, remarkChecks, scanCheck } from '../report/text/scan-checks.ts';
import { displayText } from '../model/display-name.ts';
import { checkToJson, obstacleToJson } from '../report/json/to-json.ts';
import type { PreflightCommandLine } from './options/options.ts';
import { createErrorReporter, createReporter } from '../report/reporters/create-reporter.ts';
import { resolvePresentation } from './options/resolve-settings.ts';
import { explainCheck } from './explain-root.ts';
import { patiently, watchSignals } from './signals.ts';
import { createScreen, type Screen } from '../report/screen.ts';

/** The width of `[WARNING]`. */
const LABEL_WIDTH = 9;

interface Printer {
  check(check: Check): void;
  obstacle(obstacle: Obstacle): void;
}

/** @throws UsageError, LocationError, Interrupted, TimedOut */
export async function runPreflight(line: PreflightCommandLine): Promise<number> {
  const { color, json, quiet } = resolvePresentation('sync', line.options);
  const screen = await createScreen(process, color, process.env);
  const printer = createPrinter(screen, json, quiet);
  // It changes nothing, and is not recorded in the history.
  const asked = { ...line, command: 'sync' as const, options: { ...line.options, dryRun: true } };
  const task = await patiently(line.options.timeout, (patience) => resolveTask(asked, patience));
  const context = { reporter: createErrorReporter(screen, json), mayEndProcess: true };
  const checks = await preflight(task, context, line.options.for);
  checks.forEach((check) => printer.check(explainCheck(check, line)));
  // Show the checks' results while the scan goes on.
  screen.flush();
  if (checks.some(({ unopened }) => unopened !== undefined)) return ExitStatus.location;
  const scanStatus = line.options.scan === true ? await runScan(line, task, { screen, printer }) : 0;
  return checks.some(({ result }) => result === 'FAIL') ? ExitStatus.location : scanStatus;
}

async function runScan(
  { options }: PreflightCommandLine,
  task: Task,
  { screen, printer }: { screen: Screen; printer: Printer },
): Promise<number> {
  const presentation = resolvePresentation(
    'verify',
    options.json === true ? { json: true } : { quiet: true },
  );
  let scannedEntries = 0;
  const { signal, unwatch } = watchSignals({
    onFirst: () => undefined,
    onHangup: undefined,
    onProgressAsked: () =>
      screen.err(`efs-sync: Scanning: ${counted(scannedEntries, 'entry', 'entries')} listed\n`),
  });
  try {
    // A scan writes no files, so it has none to lose.
    const losses = { lose: () => undefined, patience: { signal, timeoutMs: 0 } };
    const reporter = {
      ...(await createReporter(presentation, task, screen, losses)),
      progressed: ({ sourceEntries }: Tally) => void (scannedEntries = sourceEntries),
    };
    const tell = (obstacle: Obstacle): void => printer.obstacle(obstacle);
    const scanned = await scan(task, { reporter, signal, mayEndProcess: true }, tell, options.for);
    const totals = await estimateByHistory(scanned, task, reporter);
    for (const check of remarkChecks(totals)) printer.check(check);
    const check = scanCheck(totals);
    printer.check(check);
    return check.result === 'FAIL' ? ExitStatus.partial : ExitStatus.success;
  } finally {
    unwatch();
  }
}

function createPrinter(screen: Screen, json: boolean, quiet: boolean): Printer {
  const check = (found: Check): void => {
    if (json) screen.out(`${jsonText(checkToJson(found))}\n`);
    else if (!quiet || found.result !== 'OK') screen.out(checkLines(found, screen));
  };
  return {
    check,
    obstacle(found) {
      if (json) screen.out(`${jsonText(obstacleToJson(found))}\n`);
      else check(obstacleCheck(found));
    },
  };
}

function checkLines({ result, subject, finding, cure }: Check, { outPaint }: Screen): string {
  const paint = { OK: outPaint.green, WARNING: outPaint.yellow, FAIL: outPaint.red }[result];
  const label = paint(`[${result}]`.padEnd(LABEL_WIDTH));
  const advice = cure === undefined ? '' : `${' '.repeat(LABEL_WIDTH)} -> ${displayText(cure)}\n`;
  return `${label} ${subject}: ${displayText(finding)}\n${advice}`;
}
