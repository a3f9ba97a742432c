/**
 * --inplace never writes to an inode that others may hold open, as its former owners or through wider
 * permissions.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, openSync, writeSync } from 'node:fs';
import { expect } from 'vitest';
import { startHelper, type HelperProcess } from '../support/helper-process.ts';
import { cmp, MIB, onceWritten, RANGE, sourceOf, writeLarge } from '../support/large-file.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { NOBODY } from '../support/run-cli.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { file, type Metadata, type Node, type Tree } from '../support/tree.ts';

const HOLDER = new URL('held_open.py', import.meta.url);
const SIZE = 8192;
const THEIRS: Metadata = { uid: NOBODY, gid: NOBODY };
const CAPABILITY = { 'security.capability': '\x01\0\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0' };

/** Metadata of the source file, then of the destination file that another process holds open. */
const CASES: readonly (readonly [string, Metadata, Metadata])[] = [
  ['owned', { mode: 0o600 }, { mode: 0o600, ...THEIRS }],
  ['set-user-id', { mode: 0o4755 }, { mode: 0o755, ...THEIRS }],
  ['capability', { mode: 0o755, xattrs: CAPABILITY }, { mode: 0o755, ...THEIRS }],
  ['of-group', { mode: 0o640, gid: 5 }, { mode: 0o640, gid: NOBODY }],
  ['readable', { mode: 0o600 }, { mode: 0o644 }],
  ['writable', { mode: 0o644 }, { mode: 0o666 }],
  ['listed', { mode: 0o660 }, { mode: 0o660, acl: `u:${NOBODY}:rw` }],
  ['given-set-user-id', { mode: 0o4755 }, { mode: 0o777 }],
];

function files(node: (one: (typeof CASES)[number]) => Node): Tree {
  return CASES.map((one) => [one[0], node(one)]);
}

function content(word: string, sizeBytes = SIZE): Buffer {
  return Buffer.alloc(sizeBytes, `${word} `);
}

function hold({ destination }: Trees): Promise<HelperProcess> {
  return startHelper(HOLDER, [destination, String(SIZE)], { uid: NOBODY, gid: NOBODY });
}

async function expectNoHold(trees: Trees, args: readonly string[], count = CASES.length): Promise<void> {
  const holder = await hold(trees);
  await sync(trees, ['--inplace', ...args]);
  expect(await holder.stop()).toEqual({ held: count, leaks: 0 });
}

describeWith(['root', 'another user', 'setfacl'], '--inplace and inodes that others hold open', () => {
  test.for([
    ['with attributes', ['--preserve=all']],
    ['with ACLs', ['--preserve=owner,mode,mtime,acl']],
  ] as const)('%s', async ([, args], { trees }) => {
    const also = args[0] === '--preserve=all' ? (['xattr', 'acl'] as const) : (['acl'] as const);
    await writeTree(
      trees.source,
      files(([, source]) => file(content('genuine'), source)),
    );
    await writeTree(
      trees.destination,
      files(([, , old]) => file(content('old'), { mtimeNs: 1n, ...old })),
    );
    await expectNoHold(trees, args);
    await expectSame(trees, { also });
  });

  test('an ACL that is not preserved gives no reader access to new content', async ({ trees }) => {
    await writeTree(trees.source, { a: file(content('genuine'), { mode: 0o660 }) });
    const acl = `u:${NOBODY}:rw`;
    await writeTree(trees.destination, { a: file(content('old'), { mode: 0o660, acl, mtimeNs: 1n }) });
    await expectNoHold(trees, [], 1);
    await expectSame(trees, { also: ['acl'] });
  });

  test('an owner whose file --chown gives away', async ({ trees }) => {
    await writeTree(trees.source, { a: file(content('genuine'), { mode: 0o600, ...THEIRS }) });
    await writeTree(trees.destination, { a: file(content('old'), { mode: 0o600, ...THEIRS, mtimeNs: 1n }) });
    await expectNoHold(trees, ['--chown=0:0'], 1);
    expect(execFileSync('head', ['-c4', `${trees.destination}/a`], { encoding: 'latin1' })).toBe('genu');
  });

  test('a partial file that everyone can read', async ({ trees }) => {
    writeLarge(sourceOf(trees), 12 * MIB);
    const onStart = onceWritten(trees, MIB, (_, child) => child.kill('SIGINT'));
    await sync(trees, ['--partial', '--bwlimit=1M', '--verify=none'], { status: 20, onStart });
    const holder = await hold(trees);
    writeAt(sourceOf(trees), 'genuine');
    chmodSync(sourceOf(trees), 0o600);
    await sync(trees, ['--partial']);
    expect(await holder.stop()).toEqual({ held: 1, leaks: 0 });
    await expectSame(trees);
  });

  test('a former owner, without --preserve=owner', async ({ trees }) => {
    await writeTree(trees.source, { a: file(content('genuine'), { mode: 0o600 }) });
    await writeTree(trees.destination, { a: file(content('old'), { mode: 0o600, ...THEIRS, mtimeNs: 1n }) });
    await expectNoHold(trees, ['--preserve=mode,mtime'], 1);
    await expectSame(trees);
  });

  test('a file that is copied in ranges', async ({ treesApart: trees }) => {
    writeLarge(sourceOf(trees), 2 * RANGE + 4097);
    writeAt(sourceOf(trees), 'genuine');
    const old = { mode: 0o644, ...THEIRS, mtimeNs: 1n };
    await writeTree(trees.destination, { large: file(content('old'), old) });
    await expectNoHold(trees, ['--concurrency=4'], 1);
    cmp(trees);
    await expectSame(trees);
  });
});

function writeAt(path: string, text: string): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, text);
  closeSync(fd);
}
