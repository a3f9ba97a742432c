/** `--report=FILE`: how the run ended, for people (.txt) or programs (.json). */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { FatalError, UsageError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import { REPORT_LIST_LIMIT } from '../model/report.ts';
import type { Report } from '../model/report.ts';
import { reasonOf } from './error-reason.ts';
import { formatReport } from './format/final-report.ts';
import { errorText } from './format/sentences.ts';
import { errorToJson, jsonText, reportToJson } from './format/to-json.ts';
import { NO_PAINT } from './paint.ts';

export type RunEnd = { readonly report: Report } | { readonly error: unknown };

const STYLE = { paint: NO_PAINT, stats: true, listLimit: REPORT_LIST_LIMIT };

/** Called before hours of work, not after. */
export function guardReportFile(file: string): void {
  try {
    closeSync(openSync(Buffer.from(file, 'latin1'), 'a'));
  } catch (error) {
    throw new UsageError(`cannot write --report=${displayName(file)}: ${reasonOf(error)}`, { cause: error });
  }
}

export function writeReportFile(file: string, end: RunEnd): void {
  const text = file.endsWith('.json') ? toJsonText(end) : toPlainText(end);
  try {
    writeFileSync(Buffer.from(file, 'latin1'), text);
  } catch (error) {
    throw new FatalError(`cannot write --report=${displayName(file)}: ${reasonOf(error)}`, { cause: error });
  }
}

function toJsonText(end: RunEnd): string {
  const object = 'report' in end ? reportToJson(end.report) : errorToJson(end.error);
  return `${jsonText(object, 2)}\n`;
}

function toPlainText(end: RunEnd): string {
  return 'report' in end ? formatReport(end.report, STYLE) : `Error: ${errorText(end.error, false)}\n`;
}
