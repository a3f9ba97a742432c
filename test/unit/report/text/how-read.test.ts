/** A report says of content that was read through this machine's cache, and only of that. */
import { expect, test } from 'vitest';
import type { Mount } from '../../../../src/model/run/location.ts';
import { cacheNote, readingWords } from '../../../../src/report/text/how-read.ts';
import { PROVENANCE, tallyOf } from '../../../support/reports.ts';

const NFS = PROVENANCE.roots.source;
const LOCAL = PROVENANCE.roots.destination;

function noteOn(mount: Mount | undefined, filesVerified: number): string {
  const roots = { source: NFS, destination: { realPath: '/d', mount } };
  return cacheNote({ tally: tallyOf({ filesVerified }), provenance: { ...PROVENANCE, roots } });
}

function mountOf(fileSystemType: string): Mount {
  return { ...(NFS.mount as Mount), fileSystemType, isRemote: false };
}

test.each([
  ['ext4', mountOf('ext4'), 1, '; destination read from cache'],
  ['no known mount', undefined, 1, '; destination read from cache'],
  ['no content was read', mountOf('ext4'), 0, ''],
  ['a server', NFS.mount, 1, ''],
  ['memory', mountOf('tmpfs'), 1, ''],
])('the row "Verified": %s', (_what, mount, files, note) => {
  expect(noteOn(mount, files)).toBe(note);
});

test('a report that stands alone says how both sides were read', () => {
  expect(readingWords({ source: NFS, destination: NFS })).toBe('from the server');
  expect(readingWords({ source: LOCAL, destination: LOCAL })).toBe("through this machine's cache");
  expect(readingWords({ source: NFS, destination: LOCAL })).toBe(
    "the source from the server, the destination through this machine's cache",
  );
});
