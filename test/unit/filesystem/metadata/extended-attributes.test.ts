import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readExtendedAttributes,
  sameExtendedAttributes,
  writeExtendedAttributes,
} from '../../../../src/filesystem/metadata/extended-attributes.ts';
import { O_PATH } from '../../../../src/linux/constants.ts';
import { linuxCalls } from '../../../../src/linux/linux.ts';
import { makeScratch, run, runPython, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';
import { CALL_PATHS, callsBy, type TestedPath } from '../../../support/call-paths.ts';

const BOTH = { xattr: true, acl: true, mayGrant: true };
const XATTR = { xattr: true, acl: false, mayGrant: true };
const ACL = { xattr: false, acl: true, mayGrant: true };

let scratch: Scratch;
const opened: number[] = [];
beforeEach(() => {
  scratch = makeScratch();
  writeFileSync(scratch.path('file'), '');
  writeFileSync(scratch.path('other'), '');
});
afterEach(() => {
  for (const fd of opened.splice(0)) closeSync(fd);
  scratch.remove();
});

/** Opens with O_PATH, as for entries that are not open otherwise. */
function at(name: string, style: TestedPath = 'blocking') {
  const fd = openSync(Buffer.from(scratch.path(name), 'latin1'), O_PATH | constants.O_NOFOLLOW);
  opened.push(fd);
  return { linux: callsBy(style), fd, path: name };
}

/** Attributes that Python reads without following links, in hexadecimal by name. */
function attributesOf(name: string): Record<string, string> {
  const script = `import os, sys, json
p = os.fsencode(sys.argv[1])
names = os.listxattr(p, follow_symlinks=False)
print(json.dumps({n: os.getxattr(p, n, follow_symlinks=False).hex() for n in names}))`;
  return JSON.parse(runPython(script, scratch.path(name))) as Record<string, string>;
}

function hex(attributes: ReadonlyMap<string, Buffer>): Record<string, string> {
  return Object.fromEntries(Array.from(attributes, ([name, value]) => [name, value.toString('hex')]));
}

async function copyAttributes(source: string, destination: string, which = BOTH): Promise<void> {
  await writeExtendedAttributes(at(destination), await readExtendedAttributes(at(source), which), which);
}

describeWith(['user xattrs'], 'user attributes', () => {
  it.each(CALL_PATHS)('are read as they are set, %s', async (style) => {
    run('setfattr', '-n', 'user.plain', '-v', 'value', scratch.path('file'));
    run('setfattr', '-n', 'user.bytes', '-v', '0x00ff0a00', scratch.path('file'));
    run('setfattr', '-n', 'user.none', scratch.path('file'));
    const read = await readExtendedAttributes(at('file', style), XATTR);
    expect(hex(read)).toEqual({ 'user.plain': '76616c7565', 'user.bytes': '00ff0a00', 'user.none': '' });
    expect(hex(read)).toEqual(attributesOf('file'));
  });

  it('are added, changed, removed and left alone', async () => {
    const script = `import os, sys
a, b = sys.argv[1:]
for n, v in [('same', b's'), ('new', b'n'), ('changed', b'after'), ('l\\u00f6ng', b'x' * 3000)]: os.setxattr(a, 'user.' + n, v)
for n, v in [('same', b's'), ('old', b'o' * 3000), ('changed', b'before')]: os.setxattr(b, 'user.' + n, v)`;
    runPython(script, scratch.path('file'), scratch.path('other'));
    await copyAttributes('file', 'other', XATTR);
    expect(Object.keys(attributesOf('file'))).toHaveLength(4);
    expect(attributesOf('other')).toEqual(attributesOf('file'));
  });

  it('may have names of maximum length, and belong to the directory itself', async () => {
    const long = 'n'.repeat(254) + '\u00ff';
    runPython(
      `import sys; open(sys.argv[1].encode() + b'/' + b'n' * 254 + b'\\xff', 'w')`,
      scratch.directory,
    );
    run('setfattr', '-n', 'user.d', '-v', 'directory', scratch.directory);
    await writeExtendedAttributes(at(long), await readExtendedAttributes(at('.'), XATTR), XATTR);
    expect(hex(await readExtendedAttributes(at(long), XATTR))).toEqual(attributesOf('.'));
    expect(Object.keys(attributesOf('.'))).toEqual(['user.d']);
  });

  it('are not read if none are to be preserved', async () => {
    run('setfattr', '-n', 'user.plain', '-v', 'value', scratch.path('file'));
    expect((await readExtendedAttributes(at('file'), { xattr: false, acl: false })).size).toBe(0);
    expect((await readExtendedAttributes(at('file'), ACL)).size).toBe(0);
  });

  it('fail with a name if the file system stores none', async () => {
    run('setfattr', '-n', 'user.plain', '-v', 'value', scratch.path('file'));
    const wanted = await readExtendedAttributes(at('file'), XATTR);
    const fd = openSync('/proc/self/status', O_PATH);
    const target = { linux: linuxCalls('blocking'), fd, path: 'status' };
    expect((await readExtendedAttributes(target, BOTH)).size).toBe(0);
    await expect(writeExtendedAttributes(target, wanted, XATTR)).rejects.toMatchObject({
      code: 'EOPNOTSUPP',
      syscall: 'setxattr user.plain',
      path: 'status',
    });
    await writeExtendedAttributes(target, new Map(), BOTH);
    closeSync(fd);
  });

  it('go to the opened file, not to one that has taken its name since', async () => {
    const [target, wanted] = [at('file'), new Map([['user.plain', Buffer.from('value')]])];
    renameSync(scratch.path('file'), scratch.path('moved'));
    renameSync(scratch.path('other'), scratch.path('file'));
    await writeExtendedAttributes(target, wanted, XATTR);
    expect(attributesOf('file')).toEqual({});
    expect(attributesOf('moved')).toEqual(hex(wanted));
    expect(await readExtendedAttributes(target, XATTR)).toEqual(wanted);
  });
});

describeWith(['root', 'user xattrs'], 'attributes only root may set', () => {
  it("are copied for files and symbolic links, not from a link's target", async () => {
    symlinkSync('file', scratch.path('link'));
    symlinkSync('nowhere', scratch.path('link2'));
    run('setfattr', '-h', '-n', 'trusted.t', '-v', 'of the link', scratch.path('link'));
    run('setfattr', '-n', 'trusted.t', '-v', 'of the file', scratch.path('file'));
    await copyAttributes('link', 'link2');
    expect(attributesOf('link2')).toEqual({ 'trusted.t': Buffer.from('of the link').toString('hex') });
    await copyAttributes('file', 'other');
    expect(attributesOf('other')).toEqual(attributesOf('file'));
    expect(Object.keys(attributesOf('file'))).toEqual(['trusted.t']);
  });
});

function acl(name: string): string {
  return run('getfacl', '-cpE', '--', scratch.path(name));
}

describeWith(['setfacl'], 'ACLs', () => {
  beforeEach(() => {
    mkdirSync(scratch.path('directory'));
    mkdirSync(scratch.path('directory2'));
  });

  it('are copied for files', async () => {
    run('setfacl', '-m', 'u:12345:rw,g:54321:-,m:r', scratch.path('file'));
    await copyAttributes('file', 'other', ACL);
    expect(acl('other')).toBe(acl('file'));
    expect(acl('file')).toContain('user:12345:rw-');
  });

  it('are copied for directories, with the default for new entries', async () => {
    run('setfacl', '-m', 'u:12345:rwx,d:u:23456:r', scratch.path('directory'));
    await copyAttributes('directory', 'directory2', ACL);
    expect(acl('directory2')).toBe(acl('directory'));
    expect(acl('directory2')).toContain('default:user:23456:r--');
  });

  it('are removed if the source has none', async () => {
    run('setfacl', '-m', 'u:12345:rwx,d:u:23456:r', scratch.path('directory2'));
    await copyAttributes('directory', 'directory2', ACL);
    chmodSync(scratch.path('directory2'), 0o755);
    chmodSync(scratch.path('directory'), 0o755);
    expect(acl('directory2')).toBe(acl('directory'));
  });

  it('are not attributes, and attributes are not ACLs', async () => {
    run('setfacl', '-m', 'u:12345:rwx', scratch.path('file'));
    expect((await readExtendedAttributes(at('file'), XATTR)).size).toBe(0);
    expect(Array.from((await readExtendedAttributes(at('file'), ACL)).keys())).toEqual([
      'system.posix_acl_access',
    ]);
    await writeExtendedAttributes(at('file'), new Map(), XATTR);
    expect(acl('file')).toContain('user:12345:rwx');
  });
});

function set(name: string, file: string): void {
  run('setfattr', '-n', name, '-v', 'x', scratch.path(file));
}

describeWith(['root', 'user xattrs'], 'privileged attributes that may not be granted', () => {
  const WITHHOLDING = { ...BOTH, mayGrant: false };

  it('are not set, but named; all others are set', async () => {
    for (const name of ['security.label', 'user.a']) set(name, 'file');
    const wanted = await readExtendedAttributes(at('file'), BOTH);
    expect(await writeExtendedAttributes(at('other'), wanted, WITHHOLDING)).toBe('security.label');
    expect(Object.keys(attributesOf('other'))).toEqual(['user.a']);
  });

  it('are removed, but kept if they are right', async () => {
    for (const file of ['file', 'other']) set('security.label', file);
    set('trusted.a', 'other');
    const wanted = await readExtendedAttributes(at('file'), BOTH);
    expect(await writeExtendedAttributes(at('other'), wanted, WITHHOLDING)).toBeUndefined();
    expect(Object.keys(attributesOf('other'))).toEqual(['security.label']);
  });
});

function of(...pairs: [string, string][]): Map<string, Buffer> {
  return new Map(pairs.map(([name, value]) => [name, Buffer.from(value)]));
}

describe('sameExtendedAttributes', () => {
  it.each([
    [of(), of(), true],
    [of(['user.a', '1'], ['user.b', '2']), of(['user.b', '2'], ['user.a', '1']), true],
    [of(['user.a', '1']), of(['user.a', '2']), false],
    [of(['user.a', '1']), of(['user.b', '1']), false],
    [of(['user.a', '1']), of(), false],
    [of(), of(['user.a', '1']), false],
  ])('compares names and values (%#)', (first, second, same) => {
    expect(sameExtendedAttributes(first, second)).toBe(same);
  });
});
