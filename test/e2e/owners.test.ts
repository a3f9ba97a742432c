/** Numeric owners and groups are copied, also of links, up to the largest id. */
import { expect } from 'vitest';
import { expectNothingToDo, reportIn } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import { dir, fifo, file, symlink } from '../support/tree.ts';
import type { Node } from '../support/tree.ts';

const IDS = [0, 1, 65_534, 65_535, 65_536, 2_147_483_647, 2_147_483_648, 4_294_967_294];

function ownedTree(): [string, Node][] {
  return IDS.flatMap((uid, index): [string, Node][] => {
    const owner = { uid, gid: IDS[IDS.length - 1 - index] ?? 0 };
    return [
      [`file${uid}`, file('x', owner)],
      [`directory${uid}`, dir({ below: file('y', owner) }, owner)],
      [`symlink${uid}`, symlink('nowhere', owner)],
      [`pipe${uid}`, fifo(owner)],
    ];
  });
}

describeWith(['root'], 'owner and group', () => {
  test('up to 4294967294, of every kind', async ({ trees }) => {
    await writeTree(trees.source, ownedTree(), { uid: 7, gid: 8 });
    await sync(trees, ['--preserve=owner,mode,mtime,specials']);
    await expectSame(trees);
    await expectNothingToDo(trees, ['--preserve=owner,mode,mtime,specials']);
  });

  test('set-id and sticky bits survive the change of owner', async ({ trees }) => {
    const owner = { uid: 1000, gid: 1001 };
    await writeTree(trees.source, {
      suid: file('x', { ...owner, mode: 0o4755 }),
      sgid: file('x', { ...owner, mode: 0o2711 }),
      both: file('x', { ...owner, mode: 0o6777 }),
      shared: dir({ below: file('x', { ...owner, mode: 0o7000 }) }, { ...owner, mode: 0o3775 }),
    });
    await sync(trees);
    await expectSame(trees);
    await writeTree(trees.destination, { suid: file('x', { mode: 0o755 }) });
    await sync(trees);
    await expectSame(trees);
  });

  test('set-id bits are given only to copied content, whatever the quick check says', async ({ trees }) => {
    const same = { mtimeNs: 1_600_000_000_000_000_001n, uid: 1000 };
    await writeTree(trees.source, { a: file('good', { ...same, mode: 0o4755 }) });
    await writeTree(trees.destination, { a: file('evil', { ...same, mode: 0o755 }) });
    await sync(trees);
    await expectSame(trees);
  });

  test('a set-gid directory does not pass on its group', async ({ trees }) => {
    await writeTree(trees.source, { shared: dir({ sub: dir({ a: file('x') }) }, { gid: 50, mode: 0o2775 }) });
    await sync(trees);
    await expectSame(trees);
  });

  test('--preserve=uid keeps only the user, --preserve=gid only the group', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { uid: 1000, gid: 1001 }) });
    await sync(trees, ['--preserve=uid,mode,mtime']);
    expect((await readTree(trees.destination)).get('a')).toMatchObject({ uid: 1000, gid: 0 });
    await sync(trees, ['--preserve=gid,mode,mtime']);
    expect((await readTree(trees.destination)).get('a')).toMatchObject({ gid: 1001 });
  });

  test.for([
    ['--chown=12:34', 12, 34],
    ['--chown=:34', 1000, 34],
    ['--chown=12', 12, 1001],
  ] as const)('%s', async ([option, uid, gid], { trees }) => {
    const owner = { uid: 1000, gid: 1001 };
    await writeTree(trees.source, { a: file('x', owner), d: dir({}, owner), l: symlink('a', owner) }, owner);
    await sync(trees, [option]);
    for (const entry of (await readTree(trees.destination)).values())
      expect(entry).toMatchObject({ uid, gid });
    await expectSame(trees, { except: ['uid', 'gid'] });
    await expectNothingToDo(trees, [option]);
  });

  test('a verdict names the wanted owner', async ({ trees }) => {
    const mtimeNs = 1_000_000_000n;
    const owner = { uid: 1000, gid: 1001, mtimeNs };
    const root = { uid: 5, gid: 0, mtimeNs };
    await writeTree(trees.source, { a: file('x', owner), d: dir({}, owner) }, root);
    await writeTree(trees.destination, { a: file('x', { mtimeNs }), d: dir({}, { mtimeNs }) }, root);
    const { stdout } = await verify(trees, ['--chown=5', '--json'], { status: 40 });
    const detail =
      'uid 5 wanted (--chown), 0 at the destination; gid 1001 at the source, 0 at the destination';
    expect(reportIn(stdout).verdicts).toMatchObject([
      { path: 'a', detail },
      { path: 'd', detail },
    ]);
  });
});
