import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/model/default-settings.ts';
import { wantedMetadata } from '../../../src/policy/wanted-metadata.ts';
import { entryOf, SYMLINK } from '../../support/entries.ts';

const NOTHING = { ...DEFAULT_SETTINGS.preserve, mode: false, mtime: false };
const OWNER = { uid: 5, gid: undefined };
const UNWANTED = { ...OWNER, mode: undefined, mtime: undefined, atime: undefined };
const source = entryOf({ mode: 0o107751, mtimeSec: -1, mtimeNsec: 2, atimeSec: 3, atimeNsec: 4 });

test.each([
  ['nothing', {}, {}],
  ['the mode, without the type', { mode: true }, { mode: 0o7751 }],
  ['the mtime', { mtime: true }, { mtime: { sec: -1, nsec: 2 } }],
  ['the atime', { atime: true }, { atime: { sec: 3, nsec: 4 } }],
])('%s, and the owner as given', (_, preserve, wanted) => {
  expect(wantedMetadata(source, { ...NOTHING, ...preserve }, OWNER)).toEqual({ ...UNWANTED, ...wanted });
});

test('a symbolic link has no mode of its own', () => {
  const link = entryOf({ mode: SYMLINK });
  expect(wantedMetadata(link, { ...NOTHING, mode: true }, OWNER)).toEqual(UNWANTED);
});
