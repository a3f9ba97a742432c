import { expect, test } from 'vitest';
import type { Entry } from '../../../src/model/entry.ts';
import { resumeOffset } from '../../../src/policy/resume.ts';

const MIB = 1024 * 1024;
const UID = 1000;

function fileOf(fields: Partial<Entry>): Entry {
  const times = { mtimeSec: 5, mtimeNsec: 6, atimeSec: 0, atimeNsec: 0, ctimeSec: 0, ctimeNsec: 0 };
  const identity = { inode: 1n, device: 1, specialDevice: 0, uid: UID, gid: UID, linkCount: 1 };
  const sizeBytes = fields.sizeBytes ?? 100 * MIB;
  return { mode: 0o100600, sizeBytes, blocks: sizeBytes / 512, ...identity, ...times, ...fields };
}

test.each<[string, Partial<Entry>, Partial<Entry>, number | undefined]>([
  ['the same version', { sizeBytes: 50 * MIB }, {}, 42 * MIB],
  ['less than what may have been in flight', { sizeBytes: 3 * MIB }, {}, 0],
  ['new and empty', { sizeBytes: 0, mtimeSec: 99 }, {}, 0],
  ['another version by the second', { sizeBytes: 50 * MIB, mtimeSec: 4 }, {}, 0],
  ['another version by the nanosecond', { sizeBytes: 50 * MIB, mtimeNsec: 7 }, {}, 0],
  ['longer than its source', { sizeBytes: 50 * MIB }, { sizeBytes: 40 * MIB }, 0],
  ['of a source with holes', { sizeBytes: 50 * MIB }, { blocks: 8 }, 0],
  ['made by another user', { sizeBytes: 50 * MIB, uid: 0 }, {}, undefined],
  ['another name of somebody’s file', { sizeBytes: 50 * MIB, linkCount: 2 }, {}, undefined],
  ['no file', { sizeBytes: 50 * MIB, mode: 0o010600 }, {}, undefined],
])('a partial file that is %s', (_, partial, source, expected) => {
  expect(resumeOffset(fileOf(partial), fileOf(source), UID)).toBe(expected);
});
