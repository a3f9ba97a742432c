/**
 * Values of options: how each is parsed, and its JSON Schema. A parser throws a UsageError that says what it
 * accepts.
 */
import { UsageError } from '../../../model/run/errors.ts';
import type { DeleteLimit } from '../../../model/settings.ts';
import { parsePreserveList, PRESERVE_WORDS, type PreserveList } from './preserve-list.ts';
import { displayName } from '../../../model/display-name.ts';

/** More calls would only wait: Linux keeps 64 requests in flight per NFS mount. */
const MAX_CONCURRENCY = 1024;
const MAX_OPERATIONS_PER_SEC = 1_000_000_000;
const MAX_RETRIES = 1000;
const MAX_TIMEOUT_SEC = 2_000_000;

export interface ValueKind<Value> {
  readonly parse: (text: string) => Value;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A number, or text that begins with one. */
const AMOUNT = { type: ['integer', 'string'] };

export const SIZE: ValueKind<number> = { parse: parseSize, schema: AMOUNT };
export const RATE: ValueKind<number> = { parse: parseRate, schema: AMOUNT };
/** Calls per second; 0 means no limit. */
export const OPERATIONS = whole(0, MAX_OPERATIONS_PER_SEC);
export const RETRIES = whole(0, MAX_RETRIES);
/** Seconds. */
export const TIMEOUT = whole(0, MAX_TIMEOUT_SEC);

const MAX_WINDOW_SEC = 2_147_483_647;

/** Seconds; -1: times must be equal. As in rsync, any other negative number means the same. */
export const WINDOW: ValueKind<number> = {
  parse: (text) => (/^-\d{1,9}$/.test(text) ? -1 : parseWhole(text, 0, MAX_WINDOW_SEC, '-1 or ')),
  schema: { type: 'integer', minimum: -1, maximum: MAX_WINDOW_SEC },
};

/** Stands for an omitted optional value: no argument can contain NUL. */
export const NO_VALUE = '\0';

/** Seconds; Infinity if the option has no value. */
export const WAIT: ValueKind<number> = {
  parse: (text) => (text === NO_VALUE ? Infinity : TIMEOUT.parse(text)),
  schema: TIMEOUT.schema,
};

export const CONCURRENCY: ValueKind<number | 'auto'> = {
  parse: (text) => (text === 'auto' ? 'auto' : parseWhole(text, 1, MAX_CONCURRENCY, "'auto' or ")),
  schema: { anyOf: [{ const: 'auto' }, whole(1, MAX_CONCURRENCY).schema] },
};

export const DELETE_LIMIT: ValueKind<DeleteLimit> = {
  parse: parseDeleteLimit,
  schema: { type: ['integer', 'string'], pattern: String.raw`^\d+(\.\d+)?%?$` },
};

export const PRESERVE_LIST: ValueKind<PreserveList> = {
  parse: parsePreserveList,
  schema: {
    anyOf: [{ type: 'string' }, { type: 'array', items: { enum: PRESERVE_WORDS }, uniqueItems: true }],
  },
};

function parseDeleteLimit(text: string): DeleteLimit {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return { percent: Number(percent) };
  if (/^\d+$/.test(text)) return { count: Number(text) };
  throw new UsageError('it takes a number of paths, or a percentage of at most 100 such as 10%');
}

/** resolve-settings.ts reads it. */
export function parseText(text: string): string {
  return text;
}

/** A path that the user names; it is empty when a shell variable was not set. */
export function parsePath(text: string): string {
  if (text === '') throw new UsageError('the path is empty');
  return text;
}

function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Gives it without `.` components; empty: the destination itself, as in rsync. */
export function parsePathAtDestination(text: string): string {
  return (text.startsWith('/') ? '/' : '') + namesIn(text).join('/');
}

/** The end of names. */
export function parseSuffix(text: string): string {
  if (!text.includes('/')) return text;
  throw new UsageError('it takes the end of a name, without a slash');
}

/** Gives the path without empty and `.` components. */
export function parseRequiredFile(text: string): string {
  const names = namesIn(text);
  if (names.length > 0 && !text.startsWith('/') && !names.includes('..')) return names.join('/');
  throw new UsageError('it takes a path below the source, without a leading slash and without ".."');
}

/** A name in any directory. */
export function parseTagName(text: string): string {
  if (text !== '' && text !== '.' && text !== '..' && !text.includes('/')) return text;
  throw new UsageError('it takes the name of a file, without a slash');
}

/** A name in `.snapshot`. */
export function parseSnapshotName(text: string): string {
  if (text !== '' && text !== '.' && text !== '..' && !text.includes('/')) return text;
  throw new UsageError("it takes the name of a snapshot, or 'latest'");
}

/** The file name's extension determines the format, so that a script cannot get another than it expects. */
export function parseReportFile(text: string): string {
  if (/\.(html|json|txt)$/.test(text)) return text;
  throw new UsageError('the name must end in .html, .json or .txt, which sets the format');
}

/** The textfile collector reads only names with this extension. */
export function parseMetricsFile(text: string): string {
  if (/[^/]\.prom$/.test(text)) return text;
  throw new UsageError('the name must end in .prom, or node_exporter ignores it');
}

function whole(minimum: number, maximum: number): ValueKind<number> {
  return {
    parse: (text) => parseWhole(text, minimum, maximum),
    schema: { type: 'integer', minimum, maximum },
  };
}

function parseWhole(text: string, least: number, most: number, alternative = ''): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`it takes ${alternative}a whole number from ${least} to ${most}`);
}

/** Sizes and rates as rsync writes them: `1.5m`, `2GiB`, `500kb`, `2g-1`. */
const SIZE_TEXT = /^(?<number>\d+\.?\d*|\.\d+)(?:(?<unit>[bkmgtp])(?<form>b|ib)?)?(?<offset>[+-]1)?$/i;
const UNITS = 'bkmgtp';
const LARGEST_BYTES = 2 ** 63;
const SMALLEST_RATE_BYTES = 512;

/** Bytes. Plain numbers are bytes; `k` and `KiB` mean 1024, `kb` means 1000. */
export function parseSize(text: string): number {
  return parseWithUnit(text, 'b', 'a size');
}

/** Bytes per second, rounded to whole KiB as rsync does. Plain numbers are KiB; 0 means no limit. */
export function parseRate(text: string): number {
  const bytesPerSec = parseWithUnit(text, 'k', 'a rate');
  if (bytesPerSec > 0 && bytesPerSec < SMALLEST_RATE_BYTES) {
    throw new UsageError(
      `the rate "${displayName(text)}" is too small: the minimum is ${SMALLEST_RATE_BYTES} bytes per second, and 0 means no limit`,
    );
  }
  return Math.round(bytesPerSec / 1024) * 1024;
}

function parseWithUnit(text: string, defaultUnit: string, what: string): number {
  const parts = SIZE_TEXT.exec(text)?.groups;
  if (parts === undefined) {
    throw new UsageError(
      `"${displayName(text)}" is not ${what}: write a number with an optional unit, such as 1.5m, 2GiB or 500kb`,
    );
  }
  const base = parts['form']?.toLowerCase() === 'b' ? 1000 : 1024;
  const power = UNITS.indexOf((parts['unit'] ?? defaultUnit).toLowerCase());
  const bytes = Math.trunc(Number(parts['number']) * base ** power) + Number(parts['offset'] ?? 0);
  if (bytes < 0) throw new UsageError(`"${displayName(text)}" is negative`);
  if (bytes >= LARGEST_BYTES)
    throw new UsageError(`"${displayName(text)}" is too large: the maximum is 8191P`);
  return bytes;
}
