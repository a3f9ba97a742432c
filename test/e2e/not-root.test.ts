/**
 * Without privileges ownership is kept as far as permitted: one warning, and a failure only if it was
 * requested by name.
 */
import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { NOBODY } from '../support/run-cli.ts';
import { expectSame, giveToNobody, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const FOREIGN = { uid: 1000, gid: 1001 };

async function writeForeignSource(trees: Trees): Promise<void> {
  giveToNobody(trees);
  await writeTree(trees.source, {
    a: file('x', FOREIGN),
    d: dir({ b: file('y', FOREIGN), l: symlink('b', FOREIGN) }, FOREIGN),
    own: file('z', { uid: NOBODY, gid: NOBODY }),
  });
}

describeWith(['another user'], 'as another user than root', () => {
  test('a tree of other users is copied, and one warning counts the lost owners', async ({ trees }) => {
    await writeForeignSource(trees);
    const { output } = await sync(trees, [], { asNobody: true });
    const lines = output.split('\n').filter((line) => /owner/.test(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('4');
    await expectSame(trees, { except: ['uid', 'gid'] });
  });

  test('a second run has nothing to do, and verify succeeds', async ({ trees }) => {
    await writeForeignSource(trees);
    await sync(trees, [], { asNobody: true });
    const { stdout } = await sync(trees, ['--json'], { asNobody: true });
    const { tally } = reportIn(stdout);
    expect(tally).toMatchObject({ filesTransferred: 0, bytesTransferred: 0, entriesAdjusted: 0 });
    await verify(trees, [], { asNobody: true });
  });

  test('with --preserve=owner, each path without its owner is a problem', async ({ trees }) => {
    await writeForeignSource(trees);
    const options = { asNobody: true, status: 23 };
    const { stdout } = await sync(trees, ['--preserve=owner,mode,mtime', '--json'], options);
    const paths = new Set(reportIn(stdout).problems.map((problem) => problem.path));
    expect([...paths].toSorted()).toEqual(['a', 'd', 'd/b', 'd/l']);
    await expectSame(trees, { except: ['uid', 'gid'] });
  });

  test('set-id bits of other users are not given to files of this user', async ({ trees }) => {
    await writeForeignSource(trees);
    await writeTree(trees.source, { suid: file('x', { ...FOREIGN, mode: 0o4755 }) });
    await sync(trees, [], { asNobody: true });
    await expectSame(trees, { except: ['uid', 'gid', 'mode'] });
  });

  test('set-id bits survive the writing of content, even after an empty file', async ({ trees }) => {
    giveToNobody(trees);
    const own = { uid: NOBODY, gid: NOBODY };
    await writeTree(trees.source, {
      d: dir(
        {
          a: file('', { ...own, mode: 0o4755 }),
          b: file('x', { ...own, mode: 0o4755 }),
          c: file('', { ...own, mode: 0o640 }),
          e: file('y', { ...own, mode: 0o640 }),
          f: file('y', { ...own, mode: 0o2711 }),
        },
        own,
      ),
    });
    await sync(trees, [], { asNobody: true });
    await expectSame(trees);
  });
});

describeWith(['another user'], 'a world-writable directory of another user', () => {
  const NOTE =
    /permissions and times of (\d+) director(?:y|ies) could not be set: only the owner of a directory may/;
  const own = { uid: NOBODY, gid: NOBODY };

  async function writeShared(trees: Trees): Promise<void> {
    await writeTree(trees.source, {
      f: file('x', { ...own, mtimeNs: 1_000_000_000n }),
      d: dir({ g: file('y', { ...own, mtimeNs: 1_000_000_000n }) }, { ...own, mtimeNs: 1_000_000_000n }),
    });
    giveToNobody(trees);
    mkdirSync(`${trees.destination}/d`);
    for (const path of [trees.destination, `${trees.destination}/d`]) {
      chownSync(path, 0, 0);
      chmodSync(path, 0o2777);
    }
  }

  test('keeps its metadata: a note but no failure, and files get theirs', async ({ trees }) => {
    await writeShared(trees);
    const shared = { asNobody: true } as const;
    const first = reportIn((await sync(trees, ['--json'], shared)).stdout);
    expect(first).toMatchObject({ status: 'Success', problems: [], verdicts: [] });
    expect(NOTE.exec(first.notes.join('\n'))?.[1]).toBe('2');
    const { tally } = reportIn((await sync(trees, ['--json'], shared)).stdout);
    expect(tally).toMatchObject({ filesTransferred: 0, entriesAdjusted: 0, directoriesOfOthers: 2 });
    expect((await verify(trees, [], shared)).stdout).toMatch(NOTE);
    expect((await sync(trees, ['-n', '-i'], shared)).stdout).not.toMatch(/^\.d/m);
    expect(statSync(`${trees.destination}/d`)).toMatchObject({ uid: 0, mode: 0o042777 });
    expect(statSync(`${trees.destination}/d/g`, { bigint: true }).mtimeNs).toBe(1_000_000_000n);
  });

  test('is a problem with --preserve=owner', async ({ trees }) => {
    await writeShared(trees);
    const options = { asNobody: true, status: 23 };
    const { stdout } = await sync(trees, ['--preserve=owner,mode,mtime', '--json'], options);
    const paths = new Set(reportIn(stdout).problems.map(({ path }) => path));
    expect([...paths].toSorted()).toEqual(['', 'd']);
    await verify(trees, ['--preserve=owner,mode,mtime'], { asNobody: true, status: 40 });
  });
});

describeWith(['another user'], 'what another user owns', () => {
  const NOTE = /owner or times of 2 entries could not be set: only the owner of an entry may set them/;
  const OLD_NS = 1_000_000_000n;

  /** Equal but for the times, which differ. */
  async function writeOwned(trees: Trees): Promise<void> {
    const [old, young] = [{ mtimeNs: OLD_NS }, { mtimeNs: 2n * OLD_NS }];
    await writeTree(trees.source, { f: file('x', old), l: symlink('f', old) });
    await writeTree(trees.destination, { f: file('x', young), l: symlink('f', young) });
    giveToNobody(trees);
    for (const name of ['f', 'l']) lchownSync(join(trees.destination, name), 0, NOBODY);
  }

  test('keeps its owner and times: a note but no failure', async ({ trees }) => {
    await writeOwned(trees);
    const { stdout } = await sync(trees, ['--checksum', '--json'], { asNobody: true });
    expect(reportIn(stdout)).toMatchObject({ status: 'Success', problems: [], verdicts: [] });
    expect(reportIn(stdout).notes.join('\n')).toMatch(NOTE);
    const none = await sync(trees, ['--checksum', '--no-verify'], { asNobody: true });
    expect(none.output).toMatch(NOTE);
    expect((await verify(trees, [], { asNobody: true })).stdout).toMatch(NOTE);
    expect(lstatSync(join(trees.destination, 'l'), { bigint: true }).mtimeNs).toBe(2n * OLD_NS);
  });

  test('is a problem with --preserve=owner', async ({ trees }) => {
    await writeOwned(trees);
    const args = ['--checksum', '--preserve=owner,mode,mtime', '--json'];
    const { stdout } = await sync(trees, args, { asNobody: true, status: 23 });
    expect(new Set(reportIn(stdout).problems.map(({ path }) => path))).toEqual(new Set(['f', 'l']));
  });
});

describeWith(['another user'], 'a user without a home', () => {
  test('syncs without a history, under a lock elsewhere, and is told once', async ({ trees }) => {
    giveToNobody(trees);
    await writeTree(trees.source, { a: file('x') });
    const runtime = join(trees.directory, 'runtime');
    mkdirSync(runtime, { mode: 0o700 });
    chownSync(runtime, NOBODY, NOBODY);
    const env = { HOME: '/nonexistent', XDG_STATE_HOME: '', XDG_RUNTIME_DIR: runtime };
    const { stderr } = await sync(trees, [], { asNobody: true, env });
    const lines = stderr.split('\n').filter((line) => /nonexistent|lock/.test(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`not in the history, and its lock is in ${runtime}/efs-sync: `);
    expect(lines[0]).toContain('cannot use state directory /nonexistent/.local/state/efs-sync');
    expect(readdirSync(join(runtime, 'efs-sync'))).toEqual(['locks']);
    await expectSame(trees, { except: ['uid', 'gid'] });
  });
});
