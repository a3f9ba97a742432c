/** When `--stop-at` and `--stop-after` end a run: what rsync writes for it. */
import { UsageError } from '../../../model/run/errors.ts';
import { displayName } from '../../../model/display-name.ts';
import type { ValueKind } from './option-values.ts';

/** Minutes, as whole numbers or fractions. */
export const MINUTES: ValueKind<number> = {
  parse: parseMinutes,
  schema: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'string' }] },
};

/** Milliseconds since 1970. */
export const STOP_TIME: ValueKind<number> = {
  parse: (text) => parseStopTime(text),
  schema: { type: ['integer', 'string'] },
};

const MOST_MINUTES = 60 * 24 * 3660;

function parseMinutes(text: string): number {
  const minutes = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (minutes > 0 && minutes <= MOST_MINUTES) return minutes;
  throw new UsageError(`it takes a number of minutes above 0 and up to ${MOST_MINUTES}`);
}

const TEXT =
  /^(?:(?:(?:(?<year>\d{4}|\d\d)[-/])?(?<month>\d\d?)[-/])?(?<day>\d\d?)(?:$|[Tt]$|[Tt](?=\d)))?(?:[Tt]?(?<hour>\d\d?):(?<minute>\d\d?)|:(?<everyMinute>\d\d?))?$/;
/** February 29th is as far away as this, where a century leaves one out. */
const YEARS_AHEAD = 8;

/** The next point in time that the text fits, in the local time zone: milliseconds since 1970. */
export function parseStopTime(text: string, now = new Date()): number {
  const parts = TEXT.exec(text)?.groups;
  if (parts === undefined || text === '' || /^[Tt]$/.test(text)) throw unreadable(text);
  const given = new Map(
    Object.entries(parts).flatMap(([name, digits]) => (digits === undefined ? [] : [[name, Number(digits)]])),
  );
  if (given.has('day') && given.has('everyMinute')) throw unreadable(text);
  const fitting = candidates(given, now).filter((time) => time !== undefined);
  if (fitting.length === 0) throw unreadable(text);
  const next = fitting.find((time) => time > now.getTime());
  if (next === undefined) throw new UsageError(`the time "${displayName(text)}" is past`);
  return next;
}

/** In order; undefined where there is no such date. */
function candidates(given: ReadonlyMap<string, number>, now: Date): (number | undefined)[] {
  const [thisYear, thisMonth, today] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const everyMinute = given.get('everyMinute');
  if (everyMinute !== undefined) {
    return [0, 1].map((hours) => timeOf([thisYear, thisMonth, today], now.getHours() + hours, everyMinute));
  }
  const [hour, minute] = [given.get('hour') ?? 0, given.get('minute') ?? 0];
  const [year, month, day] = [given.get('year'), given.get('month'), given.get('day')];
  const on = (...date: Calendar) => (hour > 23 ? undefined : timeOf(date, hour, minute));
  if (day === undefined) return [0, 1].map((days) => on(...calendarOf(thisYear, thisMonth, today + days)));
  if (month === undefined)
    return months().map((months) => on(...calendarOf(thisYear, thisMonth + months, 1, day)));
  if (year === undefined) return years().map((years) => on(thisYear + years, month - 1, day));
  return [on(fullYear(year, thisYear), month - 1, day)];
}

type Calendar = [year: number, month: number, day: number];

/** Carries days and months that are too large over. @param wantedDay replaces the day afterwards */
function calendarOf(year: number, month: number, day: number, wantedDay?: number): Calendar {
  const date = new Date(year, month, day);
  return [date.getFullYear(), date.getMonth(), wantedDay ?? date.getDate()];
}

function timeOf([year, month, day]: Calendar, hour: number, minute: number): number | undefined {
  const date = new Date(year, month, day);
  const isDate = date.getFullYear() === year && date.getMonth() === month && date.getDate() === day;
  return isDate && minute <= 59 ? new Date(year, month, day, hour, minute).getTime() : undefined;
}

/** Two digits: in this century, or the next if that is past. */
function fullYear(year: number, thisYear: number): number {
  if (year > 99) return year;
  const inThisCentury = thisYear - (thisYear % 100) + year;
  return inThisCentury < thisYear ? inThisCentury + 100 : inThisCentury;
}

const months = (): number[] => Array.from({ length: 13 }, (_, index) => index);
const years = (): number[] => Array.from({ length: YEARS_AHEAD + 1 }, (_, index) => index);

function unreadable(text: string): UsageError {
  return new UsageError(
    `"${displayName(text)}" is no time: write 2030-12-31T23:59, or a part of it such as 12-31, 14:00 or :30`,
  );
}
