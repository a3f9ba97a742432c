/** Files that the operator named are read, appended to or replaced, and refused if others may have planted them. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, mkdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findReplaceable,
  makeFile,
  openInput,
  openOwnDirectory,
  openRootDirectory,
  openToAppend,
} from '../../../../src/filesystem/operator-files/operator-file.ts';
import { linuxCalls } from '../../../../src/linux/linux.ts';
import { makeScratch, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';
import { NOBODY } from '../../../support/run-cli.ts';

const linux = linuxCalls('blocking');
let scratch: Scratch;

beforeEach(() => {
  scratch = makeScratch();
  writeFileSync(scratch.path('file'), 'content\n');
  mkdirSync(scratch.path('directory'));
  symlinkSync('file', scratch.path('link'));
  symlinkSync('directory', scratch.path('way'));
  execFileSync('mkfifo', [scratch.path('fifo')]);
});
afterEach(() => scratch.remove());

async function pathOfOpened(opening: Promise<number>): Promise<string> {
  const fd = await opening;
  const path = readlinkSync(`/proc/self/fd/${fd}`);
  closeSync(fd);
  return path;
}

async function append(name: string, text: string): Promise<void> {
  const fd = await openToAppend(scratch.path(name));
  writeSync(fd, text);
  closeSync(fd);
}

describe('openInput', () => {
  it.each(['file', 'link', 'way/../file'])('reads %s', async (name) => {
    const fd = await openInput(scratch.path(name), 'regular');
    expect(readFileSync(fd, 'utf8')).toBe('content\n');
    closeSync(fd);
  });

  it.each([
    ['none', 'ENOENT'],
    ['directory', 'EISDIR'],
    ['fifo', 'EINVAL'],
    ['file/below', 'ENOTDIR'],
  ])('refuses %s with %s if it needs a regular file', async (name, code) => {
    await expect(openInput(scratch.path(name), 'regular')).rejects.toMatchObject({
      code,
      path: scratch.path(name),
    });
  });

  it('accepts any kind if asked', async () => {
    const device = await openInput('/dev/null', 'any');
    expect(readFileSync(device, 'utf8')).toBe('');
    closeSync(device);
  });
});

describe('a directory', () => {
  it('that is a root may be behind a link', async () => {
    expect(await pathOfOpened(openRootDirectory(linux, scratch.path('way')))).toBe(scratch.path('directory'));
    await expect(openRootDirectory(linux, scratch.path('file'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('of our own may not be a link', async () => {
    expect(await pathOfOpened(openOwnDirectory(linux, scratch.path('directory')))).toBe(
      scratch.path('directory'),
    );
    await expect(openOwnDirectory(linux, scratch.path('way'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('of our own is created with its parents on request', async () => {
    expect(await openOwnDirectory(linux, scratch.path('directory/new'))).toBeLessThan(0);
    const path = scratch.path('directory/new/below');
    expect(await pathOfOpened(openOwnDirectory(linux, path, 0o700))).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(scratch.path('directory/new')).mode & 0o777).toBe(0o700);
  });
});

describe('openToAppend', () => {
  it('keeps the content, also behind a link', async () => {
    await append('file', 'more\n');
    await append('link', 'and more\n');
    expect(readFileSync(scratch.path('file'), 'utf8')).toBe('content\nmore\nand more\n');
  });

  it('creates a missing file', async () => {
    await append('directory/new', 'first\n');
    expect(readFileSync(scratch.path('directory/new'), 'utf8')).toBe('first\n');
  });

  it('refuses a directory', async () => {
    await expect(openToAppend(scratch.path('directory'))).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('makeFile', () => {
  it('creates a file', async () => {
    expect(await pathOfOpened(makeFile(scratch.path('new')))).toBe(scratch.path('new'));
  });

  it.each(['file', 'link', 'directory', 'fifo'])('refuses %s, which exists', async (name) => {
    await expect(makeFile(scratch.path(name))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(scratch.path('file'), 'utf8')).toBe('content\n');
  });
});

describe('findReplaceable', () => {
  it('returns the directory and name behind a link', async () => {
    symlinkSync('../file', scratch.path('directory/link'));
    const { directoryFd, name } = await findReplaceable(scratch.path('directory/link'));
    expect([readlinkSync(`/proc/self/fd/${directoryFd}`), name]).toEqual([scratch.directory, 'file']);
    closeSync(directoryFd);
  });

  it.each([
    ['file', 0o640, 0o640],
    ['file', 0o4755, 0o644],
    ['missing', undefined, 0o666],
  ])('of %s with mode %o limits the new mode to %o', async (name, before, mode) => {
    if (before !== undefined) chmodSync(scratch.path(name), before);
    const found = await findReplaceable(scratch.path(name));
    expect(found.mode).toBe(mode);
    closeSync(found.directoryFd);
  });

  it.each([
    ['directory', 'EISDIR'],
    ['fifo', 'EINVAL'],
    ['none/below', 'ENOENT'],
  ])('refuses %s with %s', async (name, code) => {
    await expect(findReplaceable(scratch.path(name))).rejects.toMatchObject({ code });
  });
});

describeWith(['root'], 'a file of another user', () => {
  it('is appended to in a private directory, but not in a shared one', async () => {
    const path = scratch.path('directory/theirs');
    writeFileSync(path, '');
    chownSync(path, NOBODY, NOBODY);
    await append('directory/theirs', 'x');
    chmodSync(scratch.path('directory'), 0o1777);
    await expect(openToAppend(path)).rejects.toMatchObject({
      code: 'EPERM',
      reason: `The file ${path} belongs to user ${NOBODY}, and anyone could have put it there`,
    });
    expect(readFileSync(path, 'utf8')).toBe('x');
  });

  it('is refused if it is a FIFO', async () => {
    chownSync(scratch.path('fifo'), NOBODY, NOBODY);
    await expect(openToAppend(scratch.path('fifo'))).rejects.toMatchObject({ code: 'EPERM' });
  });
});
