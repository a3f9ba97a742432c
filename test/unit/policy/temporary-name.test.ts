import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  isOwnDirectoryName,
  isOwnName,
  partialName,
  temporaryName,
} from '../../../src/policy/temporary-name.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';

test('a temporary name is told from others, and fits where names are short', () => {
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
])('%j is a name of the user’s own', (name) => {
  expect(isOwnName(name)).toBe(false);
});

test('a partial file has a name of ours, a directory never has that', () => {
  expect(isOwnName(partialName(TOKEN))).toBe(true);
  expect(isOwnDirectoryName(partialName(TOKEN))).toBe(false);
  expect(isOwnDirectoryName(temporaryName(TOKEN))).toBe(true);
});
