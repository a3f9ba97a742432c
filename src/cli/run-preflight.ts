/** `efs-sync preflight`: a line for each check, as the original's system check had them. */
import { preflight } from '../sync.ts';
import type { Check } from '../model/check.ts';
import { resolveTask } from './execute.ts';
import { ExitStatus } from './exit-status.ts';
import { displayText } from '../model/display-name.ts';
import { checkToJson, jsonText } from './format/to-json.ts';
import type { PreflightCommandLine } from './options.ts';
import { createScreen, type Screen } from './screen.ts';

/** So wide is `[WARNING]`. */
const LABEL_WIDTH = 9;

/** @throws UsageError, LocationError */
export async function runPreflight(line: PreflightCommandLine): Promise<number> {
  const { color = 'auto', json = false, quiet = false } = line.options;
  const screen = await createScreen(process, color, process.env);
  const checks = await preflight(resolveTask({ ...line, command: 'sync' }));
  for (const check of checks) {
    if (json) screen.out(`${jsonText(checkToJson(check))}\n`);
    else if (!quiet || check.result !== 'OK') screen.out(checkLines(check, screen));
  }
  return checks.some(({ result }) => result === 'FAIL') ? ExitStatus.location : ExitStatus.success;
}

function checkLines({ result, subject, finding, cure }: Check, { outPaint }: Screen): string {
  const paint = { OK: outPaint.green, WARNING: outPaint.yellow, FAIL: outPaint.red }[result];
  const label = paint(`[${result}]`.padEnd(LABEL_WIDTH));
  const advice = cure === undefined ? '' : `${' '.repeat(LABEL_WIDTH)} -> ${displayText(cure)}\n`;
  return `${label} ${subject}: ${displayText(finding)}\n${advice}`;
}
