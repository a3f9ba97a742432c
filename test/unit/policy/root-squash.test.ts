/** Root that is denied what root may do is told of squashing, with what to do on that side. */
import { expect, test } from 'vitest';
import { isDenial, squashAdvice } from '../../../src/policy/root-squash.ts';

test.each([
  ['EACCES', true],
  ['EPERM', true],
  ['ENOENT', false],
  ['EROFS', false],
  ['', false],
])('%s is a denial: %j', (code, expected) => {
  expect(isDenial(code)).toBe(expected);
});

test('each side is named, and only the destination may be Amazon EFS', () => {
  expect(squashAdvice('source')).toMatch(
    /^the server of the source .*root_squash.*; export it to this machine with no_root_squash and mount it again$/,
  );
  expect(squashAdvice('destination')).toMatch(
    /^the server of the destination .*no_root_squash.*; on Amazon EFS, .*ClientRootAccess, without an access point/,
  );
});
