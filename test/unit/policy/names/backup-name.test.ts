import { describe, expect, test } from 'vitest';
import { isBackupName, withoutSuffix } from '../../../../src/policy/names/backup-name.ts';

const BESIDE = { directory: undefined, suffix: '~' };

describe('a name is one of backups', () => {
  test.each([
    [BESIDE, 'a~', true],
    [BESIDE, '~', true],
    [BESIDE, 'a~b', false],
    [BESIDE, 'a', false],
    [{ directory: undefined, suffix: '.old' }, 'a.old', true],
    [{ directory: 'kept', suffix: '~' }, 'a~', false],
    [{ directory: 'kept', suffix: '' }, 'a', false],
    [undefined, 'a~', false],
  ])('%j %s: %s', (backup, name, expected) => {
    expect(isBackupName(backup, name)).toBe(expected);
  });
});

describe('without its suffix', () => {
  test.each([
    ['a~', '~', 'a'],
    ['a~~', '~', 'a~'],
    ['a.old', '.old', 'a'],
    ['~', '~', undefined],
    ['a', '~', undefined],
    ['a', '', undefined],
  ])('%s, %s: %s', (name, suffix, base) => {
    expect(withoutSuffix(name, suffix)).toBe(base);
  });
});
