/** Another validator accepts every report by the published schema, which describes all of its members. */
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../../../src/report/json/report-schema.ts';
import { errorToJson, reportToJson } from '../../../../src/report/json/to-json.ts';
import { FatalError, LocationError } from '../../../../src/model/run/errors.ts';
import { Difference } from '../../../../src/model/change.ts';
import type { Report } from '../../../../src/model/run/report.ts';
import type { Provenance } from '../../../../src/model/run/provenance.ts';
import { PROBLEM, PROVENANCE, reportOf, TASK, VERDICT } from '../../../support/reports.ts';
import { STATISTICS } from '../../../support/statistics.ts';

/** Forbids properties that the schema does not describe. */
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

  test.each<[string, Report['task']['settings'], Provenance]>([
    [
      'every setting that narrows',
      {
        ...TASK.settings,
        deleteLimit: { percent: 2.5 },
        maxSizeBytes: 1,
        sourceSnapshot: '\xff',
        filters: [{ action: 'exclude', pattern: '\xff' }],
      },
      { ...PROVENANCE, options: [{ key: 'exclude', value: '\xff', origin: '\xfe:1' }] },
    ],
    ['a user without a name', TASK.settings, { host: 'h', uid: 7, options: [], roots: PROVENANCE.roots }],
  ])('%s', (_, settings, provenance) => {
    const object: unknown = reportToJson(reportOf({ task: { ...TASK, settings }, provenance }));
    expect(validateStrictly(object), JSON.stringify(validateStrictly.errors)).toBe(true);
  });

  test('an error', () => {
    const error = Object.assign(new LocationError('gone'), { code: 'ENOENT', path: '/\xff' });
    expect(validateStrictly(errorToJson(error)), JSON.stringify(validateStrictly.errors)).toBe(true);
  });

  test('an error in the middle of a run', () => {
    const error = new FatalError('full');
    error.report = reportOf({ problems: [PROBLEM], statistics: STATISTICS });
    const subject = { task: TASK, command: 'sync', origin: PROVENANCE } as const;
    const object = errorToJson(error, { ...subject, startedAt: new Date(0), logFile: undefined });
    expect(validateStrictly(object), JSON.stringify(validateStrictly.errors)).toBe(true);
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
