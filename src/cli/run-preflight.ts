/** `efs-sync preflight`: a line for each check, as the original's system check had them. */
import { preflight, scan } from '../sync.ts';
import type { Check } from '../model/check.ts';
import type { Obstacle } from '../model/obstacle.ts';
import type { Tally } from '../model/tally.ts';
import type { Task } from '../model/task.ts';
import { resolveTask } from './execute.ts';
import { ExitStatus } from './exit-status.ts';
import { obstacleCheck, scanCheck } from './format/obstacles.ts';
import { counted } from './format/units.ts';
import { displayText } from '../model/display-name.ts';
import { checkToJson, jsonText, obstacleToJson } from './format/to-json.ts';
import type { PreflightCommandLine } from './options.ts';
import { createErrorReporter, createReporter } from './reporters/create-reporter.ts';
import { resolvePresentation } from './presentation.ts';
import { patiently } from './patience.ts';
import { createScreen, type Screen } from './screen.ts';
import { watchSignals } from './signals.ts';

/** So wide is `[WARNING]`. */
const LABEL_WIDTH = 9;

interface Printer {
  check(check: Check): void;
  obstacle(obstacle: Obstacle): void;
}

/** @throws UsageError, LocationError, Interrupted, TimedOut */
export async function runPreflight(line: PreflightCommandLine): Promise<number> {
  const { color = 'auto', json = false, quiet = false } = line.options;
  const screen = await createScreen(process, color, process.env);
  const printer = createPrinter(screen, json, quiet);
  // It changes nothing, and is no run to be remembered.
  const asked = { ...line, command: 'sync' as const, options: { ...line.options, dryRun: true } };
  const task = await patiently(line.options.timeout, (patience) => resolveTask(asked, patience));
  const checks = await preflight(task, createErrorReporter(screen, json));
  checks.forEach((check) => printer.check(check));
  // What the checks found is to be read while the scan goes on.
  screen.flush();
  if (checks.some(({ subject }) => subject === 'roots')) return ExitStatus.location;
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
    // It writes no file, and has none to lose.
    const losses = { lose: () => undefined, patience: { signal, timeoutMs: 0 } };
    const reporter = {
      ...(await createReporter(presentation, task, screen, losses)),
      progressed: ({ sourceEntries }: Tally) => void (scannedEntries = sourceEntries),
    };
    const totals = await scan(task, { reporter, signal }, (obstacle) => printer.obstacle(obstacle));
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
