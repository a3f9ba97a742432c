import { expect, test } from 'vitest';
import { isForeignOperand } from '../../../../src/policy/names/foreign-operand.ts';

test.each([
  'host:',
  'u@host:x',
  'host::m',
  '[fd00::1]:/e',
  's3://b/x',
  '~',
  '~me/x',
  '$HOME',
  '${D}/x',
  'a*',
  'a/b?',
])('%s leads nowhere', (path) => expect(isForeignOperand(path)).toBe(true));

test.each(['a', '/a', 'a/b:c', './host:x', './~', './a*', 'a~', 'a$b', '/a/$', '$', 'Show [2020]', ''])(
  '%s is a path',
  (path) => expect(isForeignOperand(path)).toBe(false),
);
