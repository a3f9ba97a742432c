import { describe, expect, it } from 'vitest';
import type { Mount } from '../../../src/model/run/location.ts';
import { describeHang, type WaitingCall } from '../../../src/policy/describe-hang.ts';

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

describe('the description of a hang', () => {
  it('names call, file and mount', () => {
    expect(describeHang(30_049, { ...NOTHING, calls: [{ ...reading('/mnt/nas/a'), mount: NAS }] })).toBe(
      'no progress for 30 s: waiting for pread of "/mnt/nas/a" on "/mnt/nas" ("nas:/export")',
    );
  });

  it('omits unknown facts', () => {
    const calls = [reading('/a'), { ...reading(''), call: 'close' }];
    expect(describeHang(1000, { ...NOTHING, calls })).toBe(
      'no progress for 1 s: waiting for pread of "/a", close',
    );
    expect(describeHang(1000, NOTHING)).toBe('no progress for 1 s: not waiting for any file');
  });

  it('names the files being written, and their destination', () => {
    const destination = { path: '/mnt/nas/b', mount: NAS };
    expect(describeHang(1000, { calls: [], writing: ['d/f'], destination })).toBe(
      'no progress for 1 s: not waiting for any file; ' +
        'writing to "/mnt/nas/b" on "/mnt/nas" ("nas:/export"): "d/f"',
    );
  });

  it('names them even if the destination is unknown', () => {
    expect(describeHang(1000, { ...NOTHING, writing: ['d/f', 'g'] })).toBe(
      'no progress for 1 s: not waiting for any file; writing: "d/f", "g"',
    );
  });

  it('lists five, each once', () => {
    const five = ['a', 'b', 'c', 'a', 'd', 'e'].map(reading);
    expect(describeHang(1000, { ...NOTHING, calls: five })).toMatch(/"d", pread of "e"$/);
    const calls = ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g'].map(reading);
    expect(describeHang(1000, { ...NOTHING, calls })).toMatch(/"d", pread of "e" and 2 more$/);
  });

  it('contains no terminal control characters', () => {
    const path = Buffer.from('/\x1b[2J\n\u009b1m\u202e"\u00e9').toString('latin1');
    expect(describeHang(1000, { ...NOTHING, calls: [reading(path)] })).toBe(
      'no progress for 1 s: waiting for pread of "/\\#033[2J\\#012\\#302\\#2331m\\#342\\#200\\#256"\u00e9"',
    );
  });
});
