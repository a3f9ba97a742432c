import { closeSync, mkdirSync, openSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxCalls } from '../../../../src/linux/linux.ts';
import { setModeOf } from '../../../../src/filesystem/metadata/set-mode.ts';
import { makeScratch, run, type Scratch } from '../../../support/open-files.ts';

let scratch: Scratch;
let fd: number;
beforeEach(() => {
  scratch = makeScratch();
  fd = openSync(scratch.directory, 'r');
});
afterEach(() => {
  closeSync(fd);
  scratch.remove();
});

function setMode(name: string, change: (permissions: number) => number) {
  return setModeOf({ linux: linuxCalls('blocking'), fd, path: 'below' }, name, change);
}

function modeOf(name: string): string {
  return run('stat', '-c', '%a', '--', scratch.path(name)).trim();
}

describe('setModeOf', () => {
  it('changes the mode, even of an unreadable entry, and returns the old one', async () => {
    writeFileSync(scratch.path('file'), '');
    mkdirSync(scratch.path('directory'));
    for (const name of ['file', 'directory']) {
      await setMode(name, () => 0o1000);
      expect(modeOf(name)).toBe('1000');
      const before = await setMode(name, (permissions) => permissions | 0o700);
      expect(modeOf(name)).toBe('1700');
      expect(before.mode & 0o7777).toBe(0o1000);
    }
  });

  it('never follows a symbolic link, and closes what it opened', async () => {
    writeFileSync(scratch.path('file'), '', { mode: 0o600 });
    symlinkSync('file', scratch.path('link'));
    const before = readdirSync('/proc/self/fd').length;
    await expect(setMode('link', () => 0o777)).rejects.toMatchObject({ path: 'below/link' });
    expect(modeOf('file')).toBe('600');
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  it('fails by name', async () => {
    const failure = { code: 'ENOENT', syscall: 'openat', path: 'below/none' };
    await expect(setMode('none', () => 0)).rejects.toMatchObject(failure);
  });
});
