/**
 * File systems that lie: bytes changed in transit, calls that do less than asked, errors delayed until close.
 */
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { withLatfs } from '../support/latfs.ts';
import type { Latfs } from '../support/latfs.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const MIB = 1024 * 1024;
const SIDES = ['source', 'destination'] as const;
type Side = (typeof SIDES)[number];

/**
 * Mounts one side through latfs, which misbehaves on command. Direct I/O is needed, as the page cache treats
 * a short read as the end of the file.
 */
async function onMirror(
  trees: Trees,
  side: Side,
  use: (pair: Trees, mirror: Latfs) => Promise<void>,
): Promise<void> {
  const mountPoint = join(trees.directory, 'mirror');
  const direct = ['--direct_io=1'];
  await withLatfs({ backing: trees[side], mountPoint }, direct, (mirror) =>
    use({ ...trees, [side]: mountPoint }, mirror),
  );
}

function expectMismatch(stdout: string, path: string): void {
  expect(reportIn(stdout).verdicts.map((verdict) => `${verdict.class}: ${verdict.path}`)).toEqual([
    `content mismatch: ${path}`,
  ]);
}

describeWith(['latfs'], 'a byte that changes in transit', () => {
  test.for([
    ['source', 'read', 5_000],
    ['source', 'read', 3 * MIB],
    ['source', 'read', 65 * MIB],
    ['destination', 'write', 5_000],
    ['destination', 'write', 3 * MIB],
    ['destination', 'write', 65 * MIB],
  ] as const)('while it is copied, %s %s, %i bytes', async ([side, call, sizeBytes], { trees }) => {
    await writeTree(trees.source, { a: file('x'), d: dir({ f: file(Buffer.alloc(sizeBytes, 'content')) }) });
    await onMirror(trees, side, async (pair, mirror) => {
      // Until the copy is complete, the file or its directory has a temporary name.
      const path = side === 'source' ? ['path=/d/'] : [];
      mirror.ctl(`op=${call}`, 'action=corrupt', ...path, 'at=1000', 'count=1');
      expectMismatch((await sync(pair, ['--json'], { status: 40 })).stdout, 'd/f');
      expect(mirror.stats().ops[call]?.faults).toBe(1);
    });
  });

  test.for(SIDES)('while the %s is verified', async (side, { trees }) => {
    await writeTree(trees.source, { a: file('x'), f: file(Buffer.alloc(5_000, 'content')) });
    await sync(trees);
    await onMirror(trees, side, async (pair, mirror) => {
      mirror.ctl('op=read', 'action=corrupt', 'path=/f', 'at=1000', 'count=1');
      expectMismatch((await verify(pair, ['--json'], { status: 40 })).stdout, 'f');
      await verify(pair);
    });
  });
});

describeWith(['latfs'], 'calls that do less than requested', () => {
  test.for([
    ['source', 'read'],
    ['destination', 'read'],
    ['destination', 'write'],
  ] as const)('%s %s', async ([side, call], { trees }) => {
    await writeTree(trees.source, { a: file('xyz'), f: file(Buffer.alloc(100_001, 'content')) });
    await onMirror(trees, side, async (pair, mirror) => {
      mirror.ctl(`op=${call}`, 'action=short', 'bytes=1000');
      // The kernel turns a short FUSE write into EIO if it came through io_uring, as it may on a busy machine.
      await sync(pair, [], { env: { EFS_SYNC_IO_URING: '0' } });
      await verify(pair, ['--digest=sha256']);
      expect(mirror.stats().ops[call]?.faults).toBeGreaterThan(1);
    });
    await expectSame(trees);
  });

  test('a file that ends before its size is not a copy', async ({ trees }) => {
    await writeTree(trees.source, { f: file(Buffer.alloc(100_000, 'content')), g: file('x') });
    await onMirror(trees, 'source', async (pair, mirror) => {
      mirror.ctl('op=read', 'action=short', 'bytes=0', 'path=/f', 'from=50000');
      const { output } = await sync(pair, [], { status: 23 });
      expect(output).toMatch(/cannot copy .*mirror\/f: /);
    });
    expect([...(await readTree(trees.destination)).keys()]).toEqual(['', 'g']);
  });
});

describeWith(['latfs'], 'an error at close', () => {
  test.for([
    ['ENOSPC', 'No space left on device'],
    ['EDQUOT', 'Disk quota exceeded'],
    ['EIO', 'Input/output error'],
  ] as const)(
    '%s: no file gets its final name, in an existing or a new directory',
    async ([errno, reason], { trees }) => {
      await writeTree(trees.source, {
        a: file('x'),
        old: dir({ b: file('new') }),
        new: dir({ c: file('z') }),
      });
      await writeTree(trees.destination, { old: dir({ b: file('before') }) });
      await onMirror(trees, 'destination', async (pair, mirror) => {
        mirror.ctl('op=flush', `errno=${errno}`);
        const { output } = await sync(pair, ['--verify=none'], { status: 23 });
        expect(output).toContain(reason);
      });
      const found = [...(await readTree(trees.destination)).entries()].filter(
        ([, { kind }]) => kind === 'file',
      );
      expect(found.map(([path, { sizeBytes }]) => [path, sizeBytes])).toEqual([['old/b', 'before'.length]]);
      await sync(trees);
      await expectSame(trees);
    },
  );
});

describeWith(['latfs'], 'calls that fail one time in twenty', () => {
  test.for(SIDES)('at the %s', async (side, { trees }) => {
    const files = Array.from({ length: 100 }, (_, index) => [`f${index}`, file('x'.repeat(index))] as const);
    await writeTree(trees.source, { d: dir(files), e: dir(files) });
    await onMirror(trees, side, async (pair, mirror) => {
      mirror.ctl('op=read,write,create,open,flush', 'errno=EIO', 'prob=0.05', 'seed=7');
      await sync(pair, ['--retries=20', '--verify=none']);
    });
    await expectSame(trees);
  });
});
