import { expect, test } from 'vitest';
import { resolveBackup } from '../../../../src/cli/options/backup-rule.ts';
import { commandLineOf } from '../../../support/command-line.ts';

test.each([
  [[], undefined],
  [['--suffix=.old'], undefined],
  [['-b'], { directory: undefined, suffix: '~' }],
  [['-b', '--suffix=.old'], { directory: undefined, suffix: '.old' }],
  [['--backup-dir=kept'], { directory: 'kept', suffix: '' }],
  [['--backup-dir=./kept//now/'], { directory: 'kept/now', suffix: '' }],
  [['--backup-dir=../kept'], { directory: '../kept', suffix: '' }],
  [['--backup-dir=/kept/', '--suffix=~'], { directory: '/kept', suffix: '~' }],
  [['-b', '--backup-dir=kept'], { directory: 'kept', suffix: '' }],
  [['--backup-dir=.', '--suffix=~'], { directory: undefined, suffix: '~' }],
  [['--no-backup'], undefined],
])('%j', (args, expected) => {
  expect(resolveBackup(commandLineOf(...args, 'a', 'b').options)).toEqual(expected);
});
