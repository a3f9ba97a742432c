import { expect, test } from 'vitest';
import { nearestKey } from '../../../../src/policy/names/nearest-key.ts';

const KEYS = ['delete', 'delete-excluded', 'source', 'destination', 'size-only', 'D'];

test.each([
  ['delte', 'delete'],
  ['Delete', 'delete'],
  ['sorce', 'source'],
  ['destinaton', 'destination'],
  ['size_only', 'size-only'],
  ['', undefined],
  ['colour', undefined],
  ['x', undefined],
])('%j: %j', (word, key) => {
  expect(nearestKey(word, KEYS)).toBe(key);
});
