/** `--report=FILE`: how the run ended, for people (.html, .txt) or programs (.json). */
import type { ByteString } from '../../model/byte-string.ts';
import { jsonText } from '../json/json-parts.ts';
import { REPORT_LIST_LIMIT, type Report } from '../../model/run/report.ts';
import { formatError, formatReport } from '../text/final-report.ts';
import { errorToJson, reportToJson } from '../json/to-json.ts';
import { guardOutput, lossOf, settleOutput, type OutputTrouble } from '../output-files.ts';
import { NO_PAINT } from '../screen.ts';
import type { RunSubject } from '../text/facts.ts';
import { replaceFile, tryToReplace } from '../../filesystem/operator-files/whole-file.ts';

export type RunEnd = { readonly report: Report } | { readonly error: unknown };

const STYLE = { paint: NO_PAINT, stats: true, facts: true, listLimit: REPORT_LIST_LIMIT };

/** Called before hours of work, not afterwards. @throws UsageError, Interrupted, TimedOut */
export async function guardReportFile(
  file: ByteString,
  trouble: Pick<OutputTrouble, 'patience'>,
): Promise<void> {
  await guardOutput('report', file, trouble, () => tryToReplace(file));
}

/** Reports a failure to `trouble`. @throws Interrupted, TimedOut */
export async function writeReportFile(
  file: ByteString,
  end: RunEnd,
  subject: RunSubject,
  trouble: Omit<OutputTrouble, 'warn'>,
): Promise<void> {
  const text = await reportText(file, end, subject);
  const written = replaceFile(file, text).catch((error: unknown) =>
    trouble.lose(lossOf('report', file, error)),
  );
  await settleOutput('report', file, trouble, written);
}

async function reportText(file: ByteString, end: RunEnd, subject: RunSubject): Promise<string> {
  if (file.endsWith('.json')) return toJsonText(end, subject);
  return file.endsWith('.html') ? toPage(end, subject) : toPlainText(end, subject);
}

/** PERF: loaded only if it is wanted. */
async function toPage(end: RunEnd, subject: RunSubject): Promise<string> {
  const { errorPage, reportPage } = await import('../html/page.ts');
  return 'report' in end ? reportPage(end.report, subject) : errorPage(end.error, subject);
}

function toJsonText(end: RunEnd, subject: RunSubject): string {
  const object = 'report' in end ? reportToJson(end.report) : errorToJson(end.error, subject);
  return `${jsonText(object, 2)}\n`;
}

function toPlainText(end: RunEnd, subject: RunSubject): string {
  return 'report' in end ? formatReport(end.report, STYLE) : formatError(end.error, subject);
}
