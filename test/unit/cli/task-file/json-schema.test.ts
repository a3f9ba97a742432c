/** The published schema accepts and refuses the same files as the program; another validator judges. */
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { OPTION_KEYS, OWN_KEYS } from '../../../../src/cli/task-file/keys.ts';
import { taskSchema } from '../../../../src/cli/task-file/json-schema.ts';

const validate = new Ajv({ allowUnionTypes: true }).compile(taskSchema());
const ROOTS = 'source: a\ndestination: b\n';

describe('accepted', () => {
  test.each([
    'delete: true',
    'max-delete: 10%',
    'max-delete: 10',
    'retries: 0',
    'preserve: [owner, mode]',
    'preserve: owner,mode',
    'concurrency: auto',
    'concurrency: 64',
    'bwlimit: 10M',
    'exclude: [a, b]',
    'filters: [{exclude: a}, {include-from: b}]',
    'hooks: {before: x}',
    'Options: {VerifyMode: NONE, BytesPerSecond: -1}',
  ])('%s', (text) => {
    expect(validate(parse(ROOTS + text)), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe('refused', () => {
  test.each([
    'delte: true',
    'delete: "true"',
    'max-delete: many',
    'retries: 1001',
    'preserve: [colour]',
    'concurrency: 0',
    'filters: [{exclude: a, include: b}]',
    'hooks: {before: 1}',
    'print-config: true',
    'Options: {VerifyMode: FULL}',
  ])('%s', (text) => {
    expect(validate(parse(ROOTS + text))).toBe(false);
  });

  test('a task without a source', () => {
    expect(validate(parse('destination: b'))).toBe(false);
  });
});

test('every key is described', () => {
  const { properties } = taskSchema() as { properties: Record<string, { description?: string }> };
  const keys = [...OWN_KEYS.map(({ name }) => name), ...OPTION_KEYS.keys()];
  expect(keys.filter((key) => !properties[key]?.description)).toEqual([]);
});
