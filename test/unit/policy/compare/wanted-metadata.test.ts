/** The metadata that an entry's copy is to have. */
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Preserve, type Settings } from '../../../../src/model/settings.ts';
import { wantedMetadata } from '../../../../src/policy/compare/ownership.ts';
import { DIRECTORY, entryOf, SYMLINK } from '../../../support/entries.ts';

const NOTHING = { ...DEFAULT_SETTINGS.preserve, mode: false, mtime: false };
const OWNER = { uid: 5, gid: undefined };
const UNWANTED = { ...OWNER, mode: undefined, mtime: undefined, atime: undefined };
const source = entryOf({ mode: 0o107751, mtimeSec: -1, mtimeNsec: 2, atimeSec: 3, atimeNsec: 4 });

function keeping(preserve: Partial<Preserve>): Settings {
  return {
    ...DEFAULT_SETTINGS,
    preserve: { ...NOTHING, ...preserve },
    stateDirectory: '',
    spoolDirectory: '',
  };
}

test.each([
  ['nothing', {}, {}],
  ['the mode, without the type', { mode: true }, { mode: 0o7751 }],
  ['the mtime', { mtime: true }, { mtime: { sec: -1, nsec: 2 } }],
  ['the atime', { atime: true }, { atime: { sec: 3, nsec: 4 } }],
])('%s, and the owner as given', (_, preserve, wanted) => {
  expect(wantedMetadata(source, keeping(preserve), OWNER)).toEqual({ ...UNWANTED, ...wanted });
});

test('neither time is set where it is omitted', () => {
  const settings = { ...keeping({ mtime: true, atime: true }), omitLinkTimes: true };
  const times = { mtime: { sec: -1, nsec: 2 }, atime: { sec: 3, nsec: 4 } };
  const at = { mtimeSec: -1, mtimeNsec: 2, atimeSec: 3, atimeNsec: 4 };
  const [link, directory] = [entryOf({ ...at, mode: SYMLINK }), entryOf({ ...at, mode: DIRECTORY })];
  expect(wantedMetadata(link, settings, OWNER)).toEqual(UNWANTED);
  expect(wantedMetadata(directory, settings, OWNER)).toMatchObject(times);
  expect(wantedMetadata(directory, { ...settings, omitDirectoryTimes: true }, OWNER)).toEqual(UNWANTED);
});

test('a symbolic link has no mode of its own', () => {
  const link = entryOf({ mode: SYMLINK });
  expect(wantedMetadata(link, keeping({ mode: true }), OWNER)).toEqual(UNWANTED);
});
