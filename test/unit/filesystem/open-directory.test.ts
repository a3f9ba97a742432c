/** Directories below a root: by openat2(2), and component by component where it is missing. */
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withFault } from '../../support/inject.ts';
import { makeScratch, runPython, run, type Scratch } from '../../support/open-files.ts';
import { describeWith } from '../../support/requirements.ts';
import { callsBy, type TestedPath } from '../../support/call-paths.ts';

type Module = typeof import('../../../src/filesystem/open-directory.ts');

let scratch: Scratch;
let rootFd: number;
let opening: Module;
beforeEach(async () => {
  scratch = makeScratch();
  rootFd = openSync(scratch.directory, 'r');
  // The module caches that openat2 is missing.
  vi.resetModules();
  opening = await import('../../../src/filesystem/open-directory.ts');
});
afterEach(() => {
  closeSync(rootFd);
  run('rm', '-rf', scratch.directory);
  mkdirSync(scratch.directory);
  scratch.remove();
});

function open(path: string, style: TestedPath = 'blocking') {
  return opening.openDirectory({ linux: callsBy(style), fd: rootFd }, path);
}

/** The inode of the opened directory; closes everything. */
async function inodeOf(path: string, style?: TestedPath): Promise<bigint> {
  const directory = await open(path, style);
  const { ino } = fstatSync(directory.fd, { bigint: true });
  await opening.closeDirectory(directory);
  return ino;
}

/** Creates a path of any length below the scratch directory, and returns the last inode. */
function makeDeep(path: string): bigint {
  const script = `import os, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
for name in sys.stdin.buffer.read().split(b'/'):
    os.mkdir(name, dir_fd=fd); below = os.open(name, os.O_RDONLY, dir_fd=fd); os.close(fd); fd = below
print(os.fstat(fd).st_ino)`;
  writeFileSync(scratch.path('script'), script);
  writeFileSync(scratch.path('path'), Buffer.from(path, 'latin1'));
  const [program, stdin] = [scratch.path('script'), scratch.path('path')];
  return BigInt(run('sh', '-c', `python3 "$1" "$2" < "$3"`, 'sh', program, scratch.directory, stdin).trim());
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function tellOpening(): void {
  it.each([
    ['the root itself', ''],
    ['a name', 'a'],
    ['bytes that are no text', '\xff\n/\x01'],
    ['names as long as names get', `${'n'.repeat(255)}/${'\xe9'.repeat(255)}`],
    ['4,094 bytes', ['x'.repeat(254), ...Array(15).fill('y'.repeat(255))].join('/')],
    ['4,095 bytes', Array(16).fill('y'.repeat(255)).join('/')],
    ['4,096 bytes', ['x', ...Array(15).fill('y'.repeat(255)), 'z'.repeat(254)].join('/')],
    ['4,095 bytes and a name', [...Array(16).fill('y'.repeat(255)), 'end'].join('/')],
    ['4,096 bytes and a name', ['x', ...Array(15).fill('y'.repeat(255)), 'z'.repeat(254), 'end'].join('/')],
    ['1,200 levels', Array(1200).fill('d').join('/')],
    ['20,000 bytes', Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(200, '.')).join('/')],
  ])('opens %s', async (_, path) => {
    const inode = path === '' ? fstatSync(rootFd, { bigint: true }).ino : makeDeep(path);
    const before = openDescriptors();
    expect(await inodeOf(path)).toBe(inode);
    expect(await inodeOf(path, 'pooled')).toBe(inode);
    expect(openDescriptors()).toBe(before);
  });

  it.each([
    ['what is not there', 'a/none', 'ENOENT'],
    ['a file', 'file', 'ENOTDIR'],
    ['what is below a file', 'file/a', 'ENOTDIR'],
    ['a symbolic link to a directory', 'link', 'ELOOP|ENOTDIR'],
    ['what is below one', 'link/b', 'ELOOP|ENOTDIR'],
    ['what is below one further down', 'a/up/a/b', 'ELOOP|ENOTDIR'],
    ['a way out by a symbolic link', 'etc', 'ELOOP|ENOTDIR'],
    ['what is below it', 'etc/ssl', 'ELOOP|ENOTDIR'],
    ['a magic link', 'magic/a', 'ELOOP|ENOTDIR'],
    ['the parent of the root', '..', 'EXDEV'],
    ['a way out', 'a/../../tmp', 'EXDEV'],
    ['an absolute path', '/etc', 'EXDEV|ENOENT'],
    ['a name too long', `a/${'n'.repeat(256)}`, 'ENAMETOOLONG'],
    ['a name longer than a path', `a/${'n'.repeat(5000)}`, 'ENAMETOOLONG'],
    ['a name longer than a path, first', 'n'.repeat(5000), 'ENAMETOOLONG'],
  ])('refuses %s', async (_, path, codes) => {
    mkdirSync(scratch.path('a/b'), { recursive: true });
    writeFileSync(scratch.path('file'), '');
    symlinkSync('a', scratch.path('link'));
    symlinkSync('..', scratch.path('a/up'));
    symlinkSync('/etc', scratch.path('etc'));
    symlinkSync(`/proc/self/fd/${rootFd}`, scratch.path('magic'));
    const before = openDescriptors();
    const failure = { name: 'SystemError', path, code: expect.stringMatching(`^(${codes})$`) as string };
    await expect(open(path)).rejects.toMatchObject(failure);
    await expect(open(path, 'pooled')).rejects.toMatchObject(failure);
    expect(openDescriptors()).toBe(before);
  });

  it('closes what it opened on a long path that ends nowhere', async () => {
    const path = Array(40).fill('y'.repeat(255)).join('/');
    makeDeep(path);
    const before = openDescriptors();
    await expect(open(`${path}/none`)).rejects.toMatchObject({ code: 'ENOENT', path: `${path}/none` });
    expect(openDescriptors()).toBe(before);
  });
}

describe('openDirectory', tellOpening);

/** Opens the root while openat2 fails in this way. */
function openWith(fault: string): Promise<bigint> {
  return withFault(`openat2:${fault}`, [scratch.directory], () => inodeOf(''));
}

describeWith(['strace'], 'openDirectory, on a kernel without openat2', () => {
  beforeEach(() => openWith('error=ENOSYS'));
  tellOpening();

  it('does not try it again', async () => {
    await openWith('error=EIO');
  });
});

describeWith(['strace'], 'openDirectory, where openat2 fails', () => {
  it('works without it if a sandbox forbids it', async () => {
    await openWith('error=EPERM');
    await openWith('error=EIO');
  });

  it('accepts an EPERM about the path, and continues with openat2', async () => {
    await expect(openWith('error=EPERM:when=1')).rejects.toMatchObject({ code: 'EPERM', syscall: 'openat2' });
    await expect(openWith('error=EIO')).rejects.toMatchObject({ code: 'EIO' });
  });

  it('retries while a parent is renamed, but not forever', async () => {
    await openWith('error=EAGAIN:when=1..15');
    await expect(openWith('error=EAGAIN:when=1..16')).rejects.toMatchObject({ code: 'EAGAIN' });
  });
});

it('a directory that is swapped for a symbolic link is never followed', async () => {
  runPython('import os, sys; os.makedirs(sys.argv[1] + "/a/b")', scratch.directory);
  run('sh', '-c', 'cd "$1" && mv a away && ln -s away a', 'sh', scratch.directory);
  await expect(open('a/b')).rejects.toMatchObject({ code: 'ELOOP' });
});
