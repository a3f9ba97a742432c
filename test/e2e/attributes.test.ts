/** Extended attributes and POSIX ACLs are copied if --preserve asks for them. */
import { expect } from 'vitest';
import { expectNothingToDo, syncForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';
import type { Metadata } from '../support/tree.ts';

const TIME = { mtimeNs: 5n };

describeWith(['user xattrs'], 'extended attributes', () => {
  const XATTR = '--preserve=owner,mode,mtime,xattr';

  test('of files and directories, empty and binary', async ({ trees }) => {
    const xattrs = { 'user.plain': 'text', 'user.empty': '', 'user.binary': '\0\xff\n'.repeat(300) };
    await writeTree(trees.source, { a: file('x', { xattrs }), d: dir({}, { xattrs }), l: symlink('a') });
    await sync(trees, [XATTR]);
    await expectSame(trees, { also: ['xattr'] });
    await expectNothingToDo(trees, [XATTR]);
  });

  test('of a file that nobody may write', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { mode: 0o400, xattrs: { 'user.a': 'b' } }) });
    await sync(trees, [XATTR]);
    await expectSame(trees, { also: ['xattr'] });
  });

  test.for([['--no-delete'], ['--partial']])(
    'without --preserve=mode a new file follows the umask and stays read-only, %s',
    async (more, { trees }) => {
      const xattrs = { 'user.a': 'b' };
      const files = [0o400, 0o477, 0o644].map((mode) => [`f${mode}`, file('x', { mode, xattrs })] as const);
      await writeTree(trees.source, { new: dir(files), old: dir(files) });
      await writeTree(trees.destination, {
        old: dir(files.map(([name]) => [name, file('', { mode: 0o604 })])),
      });
      await sync(trees, ['-X', '--no-perms', ...more]);
      const found = await readTree(trees.destination);
      const modes = (directory: string) => files.map(([name]) => found.get(`${directory}/${name}`)?.mode);
      expect(modes('new')).toEqual([0o400, 0o455, 0o644]);
      expect(modes('old')).toEqual([0o604, 0o604, 0o604]);
      await expectSame(trees, { also: ['xattr'], except: ['mode'] });
    },
  );

  test('a change of attributes alone is found: added, changed and removed', async ({ trees }) => {
    await writeTree(trees.source, {
      a: file('x', { xattrs: { 'user.kept': '1', 'user.new': '2' }, ...TIME }),
    });
    const old = { 'user.kept': '0', 'user.gone': '3' };
    await writeTree(trees.destination, { a: file('x', { xattrs: old, ...TIME }) });
    await sync(trees, [XATTR]);
    await expectSame(trees, { also: ['xattr'] });
  });

  test('without --preserve=xattr none are copied', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { xattrs: { 'user.a': 'b' } }) });
    await sync(trees);
    await writeTree(trees.source, { a: file('x', TIME) });
    await expectSame(trees, { also: ['xattr'], except: ['mtime'] });
  });
});

describeWith(['root', 'user xattrs'], 'attributes of the privileged', () => {
  test('trusted attributes, of symbolic links too', async ({ trees }) => {
    const xattrs = { 'trusted.mark': 'yes' };
    await writeTree(trees.source, { l: symlink('nowhere', { xattrs }), a: file('x', { xattrs }) });
    await sync(trees, ['--preserve=all']);
    await expectSame(trees, { also: ['xattr'] });
  });

  test('file capabilities survive the change of owner', async ({ trees }) => {
    const capability = '\x01\0\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
    await writeTree(trees.source, {
      ping: file('x', { uid: 1000, mode: 0o755, xattrs: { 'security.capability': capability } }),
    });
    await sync(trees, ['--preserve=all']);
    await expectSame(trees, { also: ['xattr'] });
  });
});

describeWith(['setfacl'], 'access control lists', () => {
  const ACL = '--preserve=owner,mode,mtime,acl';

  test('access and default lists', async ({ trees }) => {
    await writeTree(trees.source, {
      a: file('x', { acl: 'u:1000:rwx,g:1001:r,m::rx' }),
      d: dir({ below: file('y') }, { acl: 'u:5:rx', defaultAcl: 'u:1000:rwx,g:7:-' }),
    });
    await sync(trees, [ACL]);
    await expectSame(trees, { also: ['acl'] });
    await expectNothingToDo(trees, [ACL]);
  });

  test('a list removed at the source is removed', async ({ trees }) => {
    const mode = { mode: 0o640, ...TIME };
    await writeTree(trees.source, { a: file('x', mode), d: dir({}, TIME) });
    const lists = { acl: 'u:1000:r,m::r', ...TIME };
    await writeTree(trees.destination, {
      a: file('x', { ...mode, ...lists }),
      d: dir({}, { defaultAcl: 'u:5:r', ...lists }),
    });
    await sync(trees, [ACL]);
    await expectSame(trees, { also: ['acl'] });
  });

  test('a default list at the destination does not leak into new entries', async ({ trees }) => {
    await writeTree(trees.source, { d: dir({ a: file('x', { mode: 0o600 }), sub: dir() }) });
    await writeTree(trees.destination, { d: dir({}, { defaultAcl: 'u:1000:rwx' }) });
    await sync(trees, [ACL]);
    await expectSame(trees, { also: ['acl'] });
  });
});

describeWith(['user xattrs', 'setfacl'], 'attributes and lists', () => {
  const KINDS: [string, string, Metadata][] = [
    ['attributes', '--preserve=mode,mtime,xattr', { xattrs: { 'user.a': 'b' } }],
    ['access control lists', '--preserve=mode,mtime,acl', { acl: 'u:5:rwx' }],
  ];

  test.for(KINDS)('%s alone: no data moves', async ([, option, change], { trees }) => {
    await writeTree(trees.source, { a: file('x', { ...TIME, ...change }) });
    await writeTree(trees.destination, { a: file('x', TIME) });
    const before = await readTree(trees.destination);
    const { tally } = await syncForReport(trees, [option]);
    await expectSame(trees, { also: ['xattr', 'acl'] });
    expect(tally).toMatchObject({ bytesTransferred: 0, entriesAdjusted: 2 });
    expect((await readTree(trees.destination)).get('a')?.inode).toBe(before.get('a')?.inode);
  });

  test.for(KINDS)('%s are verified where asked for', async ([, option, change], { trees }) => {
    await writeTree(trees.source, { a: file('x', { ...TIME, ...change }) }, TIME);
    await writeTree(trees.destination, { a: file('x', { ...TIME, mode: 0o644 }) }, TIME);
    await verify(trees, [option], { status: 40 });
    await verify(trees, ['--preserve=mtime']);
  });
});
