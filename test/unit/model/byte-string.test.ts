/** What is shown is never called, and what is called never shown: the compiler refuses either, as `npm run typecheck` tells. */
import { expect, it } from 'vitest';
import type { ByteString, Shown } from '../../../src/model/byte-string.ts';
import { displayName, utf8Bytes } from '../../../src/model/display-name.ts';
import { UsageError } from '../../../src/model/run/errors.ts';

const asCalled = (name: ByteString): string => name;
const asShown = (text: Shown): string => text;

it('a name is not a message, and a shown name is no name', () => {
  const name = utf8Bytes('ä');
  // @ts-expect-error: the name of a file as it is
  expect(asShown(name)).toBe('\xc3\xa4');
  // @ts-expect-error: the same, where an error takes its message
  expect(new UsageError(name).message).toBe('\xc3\xa4');
  // @ts-expect-error: a name for people
  expect(asCalled(displayName(name))).toBe('ä');
});

it('literals are either', () => {
  expect([asCalled('a'), asShown('a')]).toEqual(['a', 'a']);
});
