import { expect, test } from 'vitest';
import type { Entry } from '../../../src/model/entry.ts';
import { isSameVersion } from '../../../src/policy/same-version.ts';
import { entryOf } from '../../support/entries.ts';

test.each<[string, Partial<Entry>, boolean]>([
  ['untouched', {}, true],
  ['read', { atimeSec: 1, atimeNsec: 1 }, true],
  ['another file of the same name', { inode: 18n }, false],
  ['longer', { sizeBytes: 6 }, false],
  ['another mtime', { mtimeSec: 1 }, false],
  ['an mtime a nanosecond away', { mtimeNsec: 1 }, false],
  ['written, its mtime set back', { ctimeSec: 1 }, false],
  ['written within the second, its mtime set back', { ctimeNsec: 1 }, false],
])('%s', (_, fields, same) => {
  expect(isSameVersion(entryOf(), entryOf(fields))).toBe(same);
});
