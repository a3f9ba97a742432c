import { describe, expect, it } from 'vitest';
import type { Mount } from '../../../src/model/location.ts';
import { describeSilence, type WaitingCall } from '../../../src/policy/describe-silence.ts';

const NAS: Mount = {
  mountId: 1,
  parentId: 1,
  device: '0:50',
  mountPoint: '/mnt/nas',
  rootPath: '/',
  fileSystemType: 'nfs',
  source: 'nas:/export',
  options: [],
  superOptions: [],
  isRemote: true,
};
const NOTHING = { calls: [], writing: [], destination: undefined };

function reading(path: string): WaitingCall {
  return { call: 'pread', path, mount: undefined };
}

describe('what is said of a silence', () => {
  it('names call, file and mount', () => {
    expect(describeSilence(30_049, { ...NOTHING, calls: [{ ...reading('/mnt/nas/a'), mount: NAS }] })).toBe(
      'nothing has moved for 30 s: waiting for pread of "/mnt/nas/a" on "/mnt/nas" ("nas:/export")',
    );
  });

  it('does without what is not known', () => {
    const calls = [reading('/a'), { ...reading(''), call: 'close' }];
    expect(describeSilence(1000, { ...NOTHING, calls })).toBe(
      'nothing has moved for 1 s: waiting for pread of "/a", close',
    );
    expect(describeSilence(1000, NOTHING)).toBe('nothing has moved for 1 s: no file is waited for');
  });

  it('names the files that are written, and where to', () => {
    const destination = { path: '/mnt/nas/b', mount: NAS };
    expect(describeSilence(1000, { calls: [], writing: ['d/f'], destination })).toBe(
      'nothing has moved for 1 s: no file is waited for; ' +
        'being written to "/mnt/nas/b" on "/mnt/nas" ("nas:/export"): "d/f"',
    );
  });

  it('lists five, each once', () => {
    const calls = ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g'].map(reading);
    expect(describeSilence(1000, { ...NOTHING, calls })).toMatch(/"d", pread of "e" and 2 more$/);
  });

  it('holds nothing that a terminal would obey', () => {
    const path = Buffer.from('/\x1b[2J\n\u009b1m\u202e"\u00e9').toString('latin1');
    expect(describeSilence(1000, { ...NOTHING, calls: [reading(path)] })).toBe(
      'nothing has moved for 1 s: waiting for pread of "/\\#033[2J\\#012\\#302\\#2331m\\#342\\#200\\#256"\u00e9"',
    );
  });
});
