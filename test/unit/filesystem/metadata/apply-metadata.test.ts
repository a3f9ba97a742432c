/** Metadata set on real entries, read back by stat(1). */
import { closeSync, constants, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, it, expect } from 'vitest';
import {
  applyMetadata,
  applyTimes,
  type MetadataFailure,
  type MetadataTarget,
} from '../../../../src/filesystem/metadata/apply-metadata.ts';
import { readOpenEntry } from '../../../../src/filesystem/entry-stat.ts';
import { withPathHandle } from '../../../../src/filesystem/metadata/set-mode.ts';
import type { WantedMetadata } from '../../../../src/model/entry.ts';
import { withFault } from '../../../support/inject.ts';
import { IN_MEMORY, makeScratch, run, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';
import { callsBy, type TestedPath } from '../../../support/call-paths.ts';

const KEEP: WantedMetadata = {
  uid: undefined,
  gid: undefined,
  mode: undefined,
  mtime: undefined,
  atime: undefined,
};

interface Found {
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since 1970. */
  readonly mtime: string;
  readonly atime: string;
  readonly ctime: string;
}

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch(IN_MEMORY);
  writeFileSync(scratch.path('file'), '', { mode: 0o600 });
  mkdirSync(scratch.path('directory'), { mode: 0o700 });
  symlinkSync('file', scratch.path('link'));
});
afterEach(() => scratch.remove());

function found(name: string): Found {
  const printed = run('stat', '-c', '%a %u %g %.9Y %.9X %.9Z', scratch.path(name)).trim();
  const [mode = '', uid, gid, ...times] = printed.split(' ');
  const [mtime = '', atime = '', ctime = ''] = times.map((time) => `${BigInt(time.replace('.', ''))}`);
  return { mode, uid: Number(uid), gid: Number(gid), mtime, atime, ctime };
}

/** Opens the entry itself, or a handle to its name only. */
async function withTarget<T>(
  name: string,
  how: { style?: TestedPath; byName: boolean },
  use: (target: MetadataTarget) => Promise<T>,
): Promise<T> {
  const linux = callsBy(how.style ?? 'blocking');
  const fd = openSync(how.byName ? scratch.directory : scratch.path(name), constants.O_RDONLY);
  try {
    if (!how.byName) return await use({ linux, fd, path: name, isPathHandle: false });
    return await withPathHandle({ linux, fd, path: '' }, name, (handle) =>
      use({ ...handle, isPathHandle: true }),
    );
  } finally {
    closeSync(fd);
  }
}

function apply(
  name: string,
  wanted: Partial<WantedMetadata>,
  how: { style?: TestedPath; byName: boolean } = { byName: false },
): Promise<MetadataFailure[]> {
  return withTarget(name, how, async (target) => {
    const [actual, all] = [await readOpenEntry(target), { ...KEEP, ...wanted }];
    const failures = await applyMetadata(target, actual, all);
    await applyTimes(target, actual, all);
    return failures;
  });
}

function applyWith(fault: string, wanted: Partial<WantedMetadata>): Promise<MetadataFailure[]> {
  return withFault(fault, [scratch.path('file')], () => apply('file', wanted));
}

describeWith(['root', 'memory file system'], 'applyMetadata', () => {
  it.each([
    ['file', false, 'blocking'],
    ['file', false, 'pooled'],
    ['file', true, 'blocking'],
    ['directory', false, 'blocking'],
    ['directory', true, 'pooled'],
  ] as const)('sets everything at once: %s, by name %s, %s', async (name, byName, style) => {
    const wanted = {
      uid: 4_294_967_294,
      gid: 5,
      mode: 0o7751,
      mtime: { sec: 2 ** 33, nsec: 999_999_999 },
      atime: { sec: -(2 ** 33), nsec: 1 },
    };
    expect(await apply(name, wanted, { byName, style })).toEqual([]);
    expect(found(name)).toMatchObject({
      uid: 4_294_967_294,
      gid: 5,
      mode: '7751',
      mtime: '8589934592999999999',
      atime: '-8589934591999999999',
    });
  });

  it.each([
    [{ sec: 0, nsec: 0 }, '0'],
    [{ sec: 0, nsec: 1 }, '1'],
    [{ sec: -1, nsec: 999_999_999 }, '-1'],
    [{ sec: -1, nsec: 0 }, '-1000000000'],
    [{ sec: 2 ** 31, nsec: 123_456_789 }, '2147483648123456789'],
    [{ sec: 2 ** 32 - 1, nsec: 5 }, '4294967295000000005'],
    [{ sec: -(2 ** 32), nsec: 5 }, '-4294967295999999995'],
  ])('sets %o to the nanosecond, and leaves the other time', async (time, ns) => {
    const { atime } = found('file');
    await apply('file', { mtime: time });
    expect(found('file')).toMatchObject({ mtime: ns, atime });
    const { mtime } = found('directory');
    await apply('directory', { atime: time });
    expect(found('directory')).toMatchObject({ mtime, atime: ns });
  });

  it('sets owner and times of a symbolic link, never of its target, and no mode', async () => {
    const before = found('file');
    const wanted = { uid: 5, gid: 6, mode: 0o755, mtime: { sec: 7, nsec: 8 } };
    expect(await apply('link', wanted, { byName: true })).toEqual([]);
    expect(found('link')).toMatchObject({ uid: 5, gid: 6, mode: '777', mtime: '7000000008' });
    expect(found('file')).toEqual(before);
  });

  it('changes nothing that is already right', async () => {
    await apply('file', { uid: 5, gid: 6, mode: 0o640, mtime: { sec: 7, nsec: 8 } });
    const before = found('file');
    await apply('file', { uid: 5, gid: 6, mode: 0o640, mtime: { sec: 7, nsec: 8 } });
    await apply('file', {});
    expect(found('file')).toEqual(before);
  });

  it.each([
    [{ uid: 5 }, { uid: 5, gid: 0 }],
    [{ gid: 6 }, { uid: 0, gid: 6 }],
    [
      { uid: 0, gid: 6 },
      { uid: 0, gid: 6 },
    ],
  ])('sets owner %o and leaves the rest', async (wanted, owner) => {
    await apply('file', wanted);
    expect(found('file')).toMatchObject({ ...owner, mode: '600' });
  });

  it('keeps set-id bits that the kernel clears when the owner changes', async () => {
    await apply('file', { mode: 0o6755 });
    await apply('file', { uid: 5, gid: 5, mode: 0o6755 });
    expect(found('file').mode).toBe('6755');
  });
});

describeWith(['root', 'memory file system', 'strace'], 'applyMetadata, when calls fail', () => {
  it('sets no set-id bit if it could not change the owner, sets the rest, and reports it', async () => {
    const wanted = { uid: 5, gid: 6, mode: 0o7755, mtime: { sec: 7, nsec: 8 } };
    const [failure, ...others] = await applyWith('fchownat:error=EPERM', wanted);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      attempt: 'set owner',
      error: { code: 'EPERM', syscall: 'fchownat', path: 'file' },
    });
    expect(found('file')).toMatchObject({ uid: 0, gid: 0, mode: '1755', mtime: '7000000008' });
  });

  it('sets no attribute that grants rights if it could not change the owner, but all others', async () => {
    const file = scratch.path('file');
    const value = Buffer.from('x');
    const wanted = new Map(['user.a', 'security.label'].map((name) => [name, value]));
    const choice = { xattr: true, acl: false, mayGrant: true };
    const failures = await withTarget('file', { byName: false }, async (target) =>
      withFault('fchownat:error=EPERM', [file], async () =>
        applyMetadata(
          target,
          await readOpenEntry(target),
          { ...KEEP, uid: 5 },
          { at: target, wanted, choice },
        ),
      ),
    );
    expect(failures.map(({ attempt }) => attempt)).toEqual(['set owner', 'set attributes']);
    expect(failures[1]?.reason).toMatch(/^security\.label is set only on content that this run wrote/);
    expect(run('getfattr', '--absolute-names', '-d', '-m', '-', file)).not.toContain('security.label');
    expect(run('getfattr', '--absolute-names', '-d', '-m', '-', file)).toContain('user.a');
  });

  it('throws if the mode or the times cannot be set', async () => {
    const mode = { code: 'EIO', syscall: 'fchmod', path: 'file' };
    await expect(applyWith('fchmod:error=EIO', { mode: 0o640 })).rejects.toMatchObject(mode);
    const times = { code: 'EROFS', syscall: 'utimensat', path: 'file' };
    const wanted = { mtime: { sec: 1, nsec: 1 } };
    await expect(applyWith('utimensat:error=EROFS', wanted)).rejects.toMatchObject(times);
  });
});
