/** `--stop-at` and `--stop-after`: the next time that fits, as rsync reads it. */
import { describe, expect, test } from 'vitest';
import { MINUTES, parseStopTime } from '../../../../src/cli/options/table/stop-time.ts';

const NOW = new Date(2026, 10, 30, 22, 19, 30);

describe('the next time that fits', () => {
  test.each<[string, Date]>([
    ['2026-12-31T23:59', new Date(2026, 11, 31, 23, 59)],
    ['2026/12/31T23:59', new Date(2026, 11, 31, 23, 59)],
    ['2026-12-31', new Date(2026, 11, 31)],
    ['2026-12-31T', new Date(2026, 11, 31)],
    ['26-12-31', new Date(2026, 11, 31)],
    ['25-12-31', new Date(2125, 11, 31)],
    ['1-30', new Date(2027, 0, 30)],
    ['11-30', new Date(2027, 10, 30)],
    ['11-30T22:20', new Date(2026, 10, 30, 22, 20)],
    ['2-29', new Date(2028, 1, 29)],
    ['1', new Date(2026, 11, 1)],
    ['30', new Date(2026, 11, 30)],
    ['31', new Date(2026, 11, 31)],
    ['22:20', new Date(2026, 10, 30, 22, 20)],
    ['14:00', new Date(2026, 11, 1, 14)],
    ['T5:30', new Date(2026, 11, 1, 5, 30)],
    ['22:19', new Date(2026, 11, 1, 22, 19)],
    [':59', new Date(2026, 10, 30, 22, 59)],
    [':05', new Date(2026, 10, 30, 23, 5)],
  ])('%s', (text, expected) => {
    expect(new Date(parseStopTime(text, NOW))).toEqual(expected);
  });

  test('of a day that this month and the next lack', () => {
    expect(new Date(parseStopTime('31', new Date(2026, 0, 31, 1)))).toEqual(new Date(2026, 2, 31));
  });
});

test.each(['2020-01-01', '2026-11-30T22:19', '2026-11-30'])('%s is past', (text) => {
  expect(() => parseStopTime(text, NOW)).toThrow(/is past/);
});

test.each([
  ...['', 'T', ':', 'x', '25:00', '24:00', ':60', '13-1', '0', '0-1', '2-30', '2026-11-31', '1-2-3-4', '32'],
  ...['12-31T5', '5:', '1:2:3', '31:5', '1T:5', '-1', '2026-1-1 5:00', '12-31 ', '١'],
])('"%s" is no time', (text) => {
  expect(() => parseStopTime(text, NOW)).toThrow(/is no time: write 2030-12-31T23:59/);
});

test('minutes may be fractions', () => {
  expect(MINUTES.parse('90')).toBe(90);
  expect(MINUTES.parse('0.5')).toBe(0.5);
});

test.each(['', '0', '0.0', '-1', 'x', '1h', '1e3', '9999999', '1.'])('"%s" minutes are refused', (text) => {
  expect(() => MINUTES.parse(text)).toThrow(/a number of minutes above 0/);
});
