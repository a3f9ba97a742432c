/**
 * ISO 8601 times to the nanosecond. Computes the calendar itself, independent of this machine's clock and
 * time zone.
 */

const SEC_PER_DAY = 86_400;
const NSEC_PER_SEC = 1_000_000_000;
/** Years of four digits: from 0000-01-01 up to, but not including, 10000-01-01. */
const FIRST_SEC = -62_167_219_200;
const END_SEC = 253_402_300_800;

const DAYS_PER_ERA = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468;

/** "2026-11-24T17:05:00.000000042Z"; undefined for a year that ISO 8601 does not write in four digits. */
export function isoTime(sec: number, nsec: number): string | undefined {
  const wholeSec = sec + Math.floor(nsec / NSEC_PER_SEC);
  if (wholeSec < FIRST_SEC || wholeSec >= END_SEC) return undefined;
  const day = Math.floor(wholeSec / SEC_PER_DAY);
  const ofDay = wholeSec - day * SEC_PER_DAY;
  const clock = [ofDay / 3600, (ofDay / 60) % 60, ofDay % 60].map((part) => digits(Math.floor(part), 2));
  return `${calendarDay(day)}T${clock.join(':')}.${digits(nsec % NSEC_PER_SEC, 9)}Z`;
}

/** Years that begin in March put the leap day last. @param day since 1970-01-01 */
function calendarDay(day: number): string {
  const sinceEras = day + DAYS_BEFORE_1970;
  const era = Math.floor(sinceEras / DAYS_PER_ERA);
  const dayOfEra = sinceEras - era * DAYS_PER_ERA;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / (DAYS_PER_ERA - 1));
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}`;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
