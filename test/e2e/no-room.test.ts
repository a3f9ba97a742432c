/**
 * A path without room in its place is reported, and all others are copied; a full destination ends the run.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { withLatfs } from '../support/latfs.ts';
import { compareTrees, readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink, type NamedNode, type Node } from '../support/tree.ts';

const MIB = 1024 * 1024;
const CONTENT = Buffer.alloc(2 * MIB, 'content');

function files(count: number, node: Node = file('x')): NamedNode[] {
  return Array.from({ length: count }, (_, index): NamedNode => [`f${index}`, node]);
}

async function mounted(how: readonly string[], at: string, body: () => Promise<void>): Promise<void> {
  mkdirSync(at, { recursive: true });
  execFileSync('mount', [...how, at]);
  try {
    await body();
  } finally {
    execFileSync('umount', [at]);
  }
}

const tmpfs = (options: string) => ['-t', 'tmpfs', '-o', options, 'tmpfs'];

async function onExt4({ directory, destination }: Trees, body: () => Promise<void>): Promise<void> {
  const image = join(directory, 'image');
  execFileSync('truncate', ['-s', '16M', image]);
  execFileSync('mkfs.ext4', ['-q', image], { stdio: 'ignore' });
  await mounted(['-o', 'loop', image], destination, async () => {
    rmSync(join(destination, 'lost+found'), { recursive: true });
    await body();
  });
}

/** Exactly these paths fail, with these errors. Everything else arrives. */
async function expectAllBut(
  trees: Trees,
  args: readonly string[],
  failed: Readonly<Record<string, string>>,
): Promise<void> {
  const { problems } = await syncForReport(trees, [...args, '--verify=none'], { status: 23 });
  expect(Object.fromEntries(problems.map(({ path, code }) => [path, code]))).toEqual(failed);
  const lines = await compareTrees(trees.source, trees.destination, { ignore: Object.keys(failed) });
  expect(lines).toEqual([]);
}

/** A time that no new directory has by chance. */
const EARLIER = { mtimeNs: 1_000_000_000n };

describeWith(['root', 'loop mount', 'setfacl', 'memory file system'], 'on ext4', () => {
  const ENTRIES = Array.from({ length: 800 }, (_, index) => `u:${2000 + index}:r`).join(',');
  test.for([
    ['an attribute', { xattrs: { 'trusted.large': 'x'.repeat(5000) } }],
    ['an ACL', { acl: ENTRIES }],
  ] as const)(
    '%s that is too large is a problem of its file',
    async ([, metadata], { memoryTrees: trees }) => {
      await writeTree(trees.source, {
        a: file('x', metadata),
        b: dir({ a: file('y', metadata) }),
        c: dir(files(50)),
      });
      await onExt4(trees, async () => {
        const { problems, tally } = await syncForReport(trees, ['--preserve=all'], { status: 23 });
        const failed = problems.map(({ path, code }) => [path, code] as const);
        expect(Object.fromEntries(failed)).toEqual({ a: 'ENOSPC', 'b/a': 'ENOSPC' });
        expect(failed).toHaveLength(2);
        expect(tally['filesTransferred']).toBe(52);
        await expectSame(trees);
      });
    },
  );
});

describeWith(['root', 'tmpfs mount'], 'a small file system mounted inside', () => {
  test('that is full is a problem of its paths', async ({ trees }) => {
    const small = [['large', file(CONTENT)], ['x', file('x')]] as const; // prettier-ignore
    await writeTree(trees.source, { a: dir(files(30)), small: dir(small), z: file('x') });
    await mounted(tmpfs('size=1m'), join(trees.destination, 'small'), async () => {
      await expectAllBut(trees, [], { 'small/large': 'ENOSPC' });
    });
  });

  test('without free inodes is a problem of its paths, of all kinds', async ({ trees }) => {
    const inside = { d: dir({ f: file('x') }), e: symlink('x'), f: file('x'), g: dir() };
    await writeTree(trees.source, { a: dir(files(30)), small: dir(inside), z: file('x') });
    await mounted(tmpfs('nr_inodes=1'), join(trees.destination, 'small'), async () => {
      const { problems } = await syncForReport(trees, ['--verify=none'], { status: 23 });
      expect(
        problems
          .filter(({ code }) => code === 'ENOSPC')
          .map(({ path }) => path)
          .toSorted(),
      ).toEqual(['small/d', 'small/e', 'small/f', 'small/g']);
      const ignore = ['small', 'small/d', 'small/d/f', 'small/e', 'small/f', 'small/g'];
      expect(await compareTrees(trees.source, trees.destination, { ignore })).toEqual([]);
    });
  });

  test('that is read-only is a problem, too', async ({ trees }) => {
    await writeTree(trees.source, { a: dir(files(30)), b: dir({ f: file('x') }, EARLIER), z: file('x') });
    await mounted(tmpfs('ro'), join(trees.destination, 'b'), async () => {
      await expectAllBut(trees, [], { b: 'EROFS', 'b/f': 'EROFS' });
    });
  });

  test('so is a read-only bind mount', async ({ trees }) => {
    await writeTree(trees.source, { a: dir(files(30)), b: dir({ f: file('x') }, EARLIER), z: file('x') });
    const bound = join(trees.directory, 'bound');
    mkdirSync(bound);
    await mounted(['--bind', '-o', 'ro', bound], join(trees.destination, 'b'), async () => {
      await expectAllBut(trees, [], { b: 'EROFS', 'b/f': 'EROFS' });
    });
  });
});

describeWith(['latfs'], 'one directory', () => {
  test.for([
    ['EDQUOT', 'write'],
    ['ENOSPC', 'create'],
    ['ENOSPC', 'flush'],
    ['EDQUOT', 'fsync'],
    ['EROFS', 'rename'],
  ] as const)(
    'whose files get %s from %s is reported, and the others are copied',
    async ([errno, call], { trees }) => {
      await writeTree(trees.source, { a: dir(files(3)), b: dir(files(30)), c: dir(files(3)) });
      await writeTree(trees.destination, { a: dir(), b: dir(), c: dir() });
      const mountPoint = join(trees.directory, 'mirror');
      await withLatfs({ backing: trees.destination, mountPoint }, [], async (latfs) => {
        latfs.ctl(`op=${call}`, `errno=${errno}`, 'path=/a/');
        const pair = { ...trees, destination: mountPoint };
        await expectAllBut(pair, ['--fsync'], { 'a/f0': errno, 'a/f1': errno, 'a/f2': errno });
      });
    },
  );
});

describeWith(['root', 'tmpfs mount'], 'the destination', () => {
  test.for([
    ['is full', 'size=1m', file(Buffer.alloc(64 * 1024, 'x'))],
    ['has no inodes left', 'nr_inodes=20', file('x')],
  ] as const)('that %s ends the run early', async ([, options, node], { trees }) => {
    await writeTree(trees.source, { d: dir(files(200, node)) });
    await mounted(tmpfs(options), trees.destination, async () => {
      const { output } = await sync(trees, [], { status: 11 });
      expect(output).toMatch(/No space left on device/);
      expect(output.match(/cannot/g)?.length).toBe(1);
      expect(
        [...(await readTree(trees.destination)).keys()].filter((path) => path.includes('.efs-sync')),
      ).toEqual([]);
    });
  });

  test('that has room for small files but not for the first file ends the run, too', async ({ trees }) => {
    await writeTree(trees.source, { a: file(CONTENT), b: dir(files(3)) });
    await mounted(tmpfs('size=1m'), trees.destination, async () => {
      await sync(trees, ['--concurrency=1'], { status: 11 });
    });
  });
});
