/** A path is looked up component by component, and leads where the kernel would go, or is refused. */
import { lchownSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  closeNamedFile,
  findNamedFile,
  type Lookup,
} from '../../../../src/filesystem/operator-files/find-place.ts';
import { linuxCalls } from '../../../../src/linux/linux.ts';
import { makeScratch, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';
import { NOBODY } from '../../../support/run-cli.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = makeScratch();
  mkdirSync(scratch.path('a/b/c'), { recursive: true });
  writeFileSync(scratch.path('a/file'), 'content');
  symlinkSync('b', scratch.path('a/near'));
  symlinkSync('../../a/near/c', scratch.path('a/b/far'));
  symlinkSync(scratch.path('a/b/far'), scratch.path('absolute'));
  symlinkSync('a/file', scratch.path('link'));
  symlinkSync('link', scratch.path('link of a link'));
  symlinkSync('a/none', scratch.path('dangling'));
  symlinkSync('loop', scratch.path('loop'));
  symlinkSync('a/b/', scratch.path('slash'));
  symlinkSync('a/file/', scratch.path('slash at a file'));
  for (let index = 0; index < 41; index++) {
    symlinkSync(index === 0 ? 'a' : `chain${index - 1}`, scratch.path(`chain${index}`));
  }
});
afterEach(() => scratch.remove());

async function inodeAt(path: string, lookup?: Lookup): Promise<bigint | undefined> {
  const place = await findNamedFile(linuxCalls('blocking'), path, lookup);
  const inode = place.found?.stat.inode;
  await closeNamedFile(place);
  return inode;
}

describe('findNamedFile', () => {
  it.each([
    ...['', '/', 'a', 'a/', 'a//b/./', 'a/b/..', 'a/near', 'a/near/', 'a/near/..', 'a/b/far', 'absolute'],
    ...['absolute/../..', 'link', 'link of a link', 'slash', 'slash/c', 'chain39', 'chain39/file'],
  ])('resolves as the kernel does: %s', async (name) => {
    const path = `${scratch.directory}/${name}`;
    expect(await inodeAt(path)).toBe(statSync(path, { bigint: true }).ino);
  });

  it.each([
    ['loop', 'ELOOP'],
    ['chain40', 'ELOOP'],
    ['link/', 'ENOTDIR'],
    ['a/file/below', 'ENOTDIR'],
    ['slash at a file', 'ENOTDIR'],
    ['none/below', 'ENOENT'],
    ['none/', 'ENOENT'],
    ['dangling/', 'ENOENT'],
    ['n'.repeat(256), 'ENAMETOOLONG'],
  ])('fails as the kernel does: %s', async (name, code) => {
    const path = scratch.path(name);
    expect(() => statSync(path)).toThrow(code);
    await expect(inodeAt(path)).rejects.toMatchObject({ code });
  });

  it.each([
    ['none', 'none'],
    ['dangling', 'none'],
    ['a/near/none', 'none'],
  ])('finds nothing at %s', async (path, name) => {
    const place = await findNamedFile(linuxCalls('blocking'), scratch.path(path));
    expect(place).toMatchObject({ name, found: undefined });
    await closeNamedFile(place);
  });

  it('does not follow the last link on request', async () => {
    const path = scratch.path('link');
    expect(await inodeAt(path, { keepsLastLink: true })).toBe(lstatSync(path, { bigint: true }).ino);
  });

  it('follows links of /proc, which have no path', async () => {
    const self = statSync('/proc/self/fd/0', { bigint: true }).ino;
    expect([await inodeAt('/proc/self/fd/0'), await inodeAt('/dev/stdin')]).toEqual([self, self]);
  });
});

describeWith(['root'], 'a link of another user', () => {
  it.each(['near/c', 'near'])('is refused in a/%s', async (below) => {
    lchownSync(scratch.path('a/near'), NOBODY, NOBODY);
    const reason = `The symbolic link ${scratch.path('a/near')} belongs to user ${NOBODY};`;
    await expect(inodeAt(scratch.path(`a/${below}`))).rejects.toThrow(reason);
  });
});
