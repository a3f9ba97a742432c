import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  isOwnDirectoryName,
  isOwnName,
  partialName,
  temporaryName,
} from '../../../../src/policy/names/temporary-name.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';

test('a temporary name is recognised, and fits into short name limits', () => {
  expect(temporaryName(TOKEN)).toBe(`.efs-sync-${TOKEN}.tmp`);
  expect(isOwnName(temporaryName(randomBytes(16).toString('hex')))).toBe(true);
  expect(temporaryName(TOKEN).length).toBeLessThanOrEqual(255);
});

test.each([
  '',
  '.efs-sync-.tmp',
  `.efs-sync-${TOKEN.slice(1)}.tmp`,
  `.efs-sync-0${TOKEN}.tmp`,
  `.efs-sync-${TOKEN.toUpperCase()}.tmp`,
  `.efs-sync-${TOKEN.replace('0', 'g')}.tmp`,
  `.efs-sync-${TOKEN}.tmp\n`,
  `.efs-sync-${TOKEN}xtmp`,
  `xefs-sync-${TOKEN}.tmp`,
  `${temporaryName(TOKEN)}~`,
  `a${temporaryName(TOKEN)}`,
  `.efs-sync-a${temporaryName(TOKEN)}`,
  `${partialName(TOKEN)}~`,
  `a${partialName(TOKEN)}`,
  `.efs-sync-a${partialName(TOKEN)}`,
])("%j is a user's name", (name) => {
  expect(isOwnName(name)).toBe(false);
  expect(isOwnDirectoryName(name)).toBe(false);
});

test('a partial file has one of our names, which no directory has', () => {
  expect(isOwnName(partialName(TOKEN))).toBe(true);
  expect(isOwnDirectoryName(partialName(TOKEN))).toBe(false);
  expect(isOwnDirectoryName(temporaryName(TOKEN))).toBe(true);
});
