/** Values of options: each function returns what the option means or says what it takes. */
import { UsageError } from '../errors.ts';
import type { DeleteLimit } from '../model/settings.ts';
import { PRESERVE_WORDS } from './preserve-list.ts';

/** More would only wait: Linux keeps 64 requests in flight per NFS mount. */
const MAX_CONCURRENCY = 1024;
const MAX_OPERATIONS_PER_SEC = 1_000_000_000;
const MAX_RETRIES = 1000;
const MAX_TIMEOUT_SEC = 2_000_000;

export function parseDeleteLimit(text: string): DeleteLimit {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return { percent: Number(percent) };
  if (/^\d+$/.test(text)) return { count: Number(text) };
  throw new UsageError('it takes a number of paths, or a percentage of at most 100 such as 10%');
}

export function parseConcurrency(text: string): number | 'auto' {
  return text === 'auto' ? 'auto' : parseWhole(text, 1, MAX_CONCURRENCY, "'auto' or ");
}

export function parseRetries(text: string): number {
  return parseWhole(text, 0, MAX_RETRIES);
}

/** Calls a second; 0 means no limit. */
export function parseOperations(text: string): number {
  return parseWhole(text, 0, MAX_OPERATIONS_PER_SEC);
}

export function parseTimeout(text: string): number {
  return parseWhole(text, 0, MAX_TIMEOUT_SEC);
}

/** Stands for the value of an option that was given none: no argument can hold it. */
export const NO_VALUE = '\0';

export function parseWait(text: string): number {
  return text === NO_VALUE ? Infinity : parseWhole(text, 0, MAX_TIMEOUT_SEC);
}

/** A file or directory of the user's; empty is a variable that was not set. */
export function parsePath(text: string): string {
  if (text === '') throw new UsageError('it takes a path, and this one is empty');
  return text;
}

/** Gives it without empty and `.` components. */
export function parseRequiredFile(text: string): string {
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  if (names.length > 0 && !text.startsWith('/') && !names.includes('..')) return names.join('/');
  throw new UsageError('it takes a path below the source, without a slash before it and without ".."');
}

/** A name in `.snapshot`. */
export function parseSnapshotName(text: string): string {
  if (text !== '' && text !== '.' && text !== '..' && !text.includes('/')) return text;
  throw new UsageError("it takes the name of a snapshot, or 'latest'");
}

/** The ending says the format, so that a script cannot get another than it expects. */
export function parseReportFile(text: string): string {
  if (/\.(html|json|txt)$/.test(text)) return text;
  throw new UsageError('the name must end in .html, .json or .txt, which says the format');
}

/** A number, or text that begins with one. */
const AMOUNT = { type: ['integer', 'string'] };

/** The same of values in a task file, for editors. */
export const VALUE_SCHEMAS = {
  deleteLimit: { type: ['integer', 'string'], pattern: String.raw`^\d+(\.\d+)?%?$` },
  size: AMOUNT,
  rate: AMOUNT,
  concurrency: { anyOf: [{ const: 'auto' }, wholeSchema(1, MAX_CONCURRENCY)] },
  retries: wholeSchema(0, MAX_RETRIES),
  operations: wholeSchema(0, MAX_OPERATIONS_PER_SEC),
  timeout: wholeSchema(0, MAX_TIMEOUT_SEC),
  preserve: {
    anyOf: [{ type: 'string' }, { type: 'array', items: { enum: PRESERVE_WORDS }, uniqueItems: true }],
  },
} as const;

function wholeSchema(minimum: number, maximum: number) {
  return { type: 'integer', minimum, maximum } as const;
}

/** The textfile collector reads names of this ending and no others. */
export function parseMetricsFile(text: string): string {
  if (/[^/]\.prom$/.test(text)) return text;
  throw new UsageError('the name must end in .prom, or node_exporter passes over it');
}

function parseWhole(text: string, least: number, most: number, alternative = ''): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`it takes ${alternative}a whole number from ${least} to ${most}`);
}
