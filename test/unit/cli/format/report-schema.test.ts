/** The published schema takes every report, by another validator's judgement, and knows all that is in one. */
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../../../src/cli/format/report-schema.ts';
import { errorToJson, reportToJson } from '../../../../src/cli/format/to-json.ts';
import { LocationError } from '../../../../src/errors.ts';
import { Difference } from '../../../../src/model/change.ts';
import type { Report } from '../../../../src/model/report.ts';
import { PROBLEM, reportOf, TASK, VERDICT } from '../../../support/reports.ts';
import { STATISTICS } from '../../../support/statistics.ts';

/** Nothing may be in a report that the schema does not tell of. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, strict(part)]));
  return 'properties' in parts && parts['type'] === 'object'
    ? { ...parts, additionalProperties: false }
    : parts;
}

const ajv = new Ajv({ formats: { 'date-time': true } });
const validate = ajv.compile(reportSchema());
const validateStrictly = ajv.compile(strict({ ...reportSchema(), title: 'strict' }) as object);

const EVERYTHING = Object.values(Difference).reduce((all, bit) => all | bit, 0);

describe('accepted', () => {
  test.each<[string, Report]>([
    ['a success', reportOf()],
    ['statistics', reportOf({ statistics: STATISTICS })],
    ['names that are not UTF-8', reportOf({ task: { ...TASK, name: '\xff', source: '/\xff' } })],
    [
      'all that can be found',
      reportOf({
        problems: [PROBLEM, { ...PROBLEM, path: '\xfe' }],
        problemCounts: { failed: 2, vanished: 0, changed: 0 },
        verdicts: [VERDICT, { class: 'read error', path: '\xff', differences: EVERYTHING, detail: '' }],
        verdictCounts: { 'content mismatch': 1, 'read error': 1 },
        notes: ['a note'],
      }),
    ],
  ])('%s', (_, report) => {
    const object: unknown = JSON.parse(JSON.stringify(reportToJson(report)));
    expect(validateStrictly(object), JSON.stringify(validateStrictly.errors)).toBe(true);
    expect(validate(object)).toBe(true);
  });

  test('an error', () => {
    const error = Object.assign(new LocationError('gone'), { code: 'ENOENT', path: '/\xff' });
    expect(validateStrictly(errorToJson(error)), JSON.stringify(validateStrictly.errors)).toBe(true);
  });
});

describe('refused', () => {
  test.each<[string, object]>([
    ['no event', { event: undefined }],
    ['another verdict', { verdictCounts: {}, verdicts: [{ ...VERDICT, class: 'odd', differences: [] }] }],
    ['a count that is none', { elapsedMs: -1 }],
    ['no tally', { tally: {} }],
  ])('%s', (_, parts) => {
    expect(validate({ ...reportToJson(reportOf()), ...parts })).toBe(false);
  });
});
