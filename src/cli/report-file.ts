/** `--report=FILE`: how the run ended, for people (.html, .txt) or programs (.json). */
import { REPORT_LIST_LIMIT } from '../model/report.ts';
import type { Report } from '../model/report.ts';
import { formatReport } from './format/final-report.ts';
import { errorLine } from './format/sentences.ts';
import { errorToJson, jsonText, reportToJson } from './format/to-json.ts';
import type { PageSubject } from './html/page.ts';
import { guardOutput, lossOf, settleOutput, type OutputTrouble } from './output-files.ts';
import { NO_PAINT } from './paint.ts';
import { replaceFile, tryToReplace } from './whole-file.ts';

export type RunEnd = { readonly report: Report } | { readonly error: unknown };

const STYLE = { paint: NO_PAINT, stats: true, listLimit: REPORT_LIST_LIMIT };

/** Called before hours of work, not after. @throws UsageError, Interrupted, TimedOut */
export async function guardReportFile(file: string, trouble: Pick<OutputTrouble, 'patience'>): Promise<void> {
  await guardOutput('report', file, trouble, () => tryToReplace(file));
}

/** A failure is told to `trouble`. @throws Interrupted, TimedOut */
export async function writeReportFile(
  file: string,
  end: RunEnd,
  subject: PageSubject,
  trouble: Omit<OutputTrouble, 'warn'>,
): Promise<void> {
  const text = await textOf(file, end, subject);
  const written = replaceFile(file, text).catch((error: unknown) =>
    trouble.lose(lossOf('report', file, error)),
  );
  await settleOutput('report', file, trouble, written);
}

async function textOf(file: string, end: RunEnd, subject: PageSubject): Promise<string> {
  if (file.endsWith('.json')) return toJsonText(end);
  return file.endsWith('.html') ? toPage(end, subject) : toPlainText(end);
}

/** PERF: loaded for who wants it. */
async function toPage(end: RunEnd, subject: PageSubject): Promise<string> {
  const { errorPage, reportPage } = await import('./html/page.ts');
  return 'report' in end ? reportPage(end.report, subject) : errorPage(end.error, subject);
}

function toJsonText(end: RunEnd): string {
  const object = 'report' in end ? reportToJson(end.report) : errorToJson(end.error);
  return `${jsonText(object, 2)}\n`;
}

function toPlainText(end: RunEnd): string {
  return 'report' in end ? formatReport(end.report, STYLE) : `Error: ${errorLine(end.error)}\n`;
}
