/** Access times with -U, on file systems where reads with O_NOATIME leave them unchanged. */
import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { reportIn, syncForReport } from '../support/json-report.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, verify } from '../support/scenario.ts';
import { dir, fifo, file } from '../support/tree.ts';

describeWith(['root', 'rsync'], 'access times by -U', () => {
  const LONG_AGO = { atimeNs: 5_000_000_001n, mtimeNs: 6_000_000_001n };

  test('survive verification', async ({ trees }) => {
    const large = file(Buffer.alloc(66 * 1024 * 1024, 'x'), LONG_AGO);
    await writeTree(trees.source, { a: file('x', LONG_AGO), large, pipe: fifo(LONG_AGO) });
    for (const args of [['-UD'], ['-UD', '--checksum'], ['-UD', '--digest=sha256', '--inplace']]) {
      await sync(trees, args);
      await verify(
        trees,
        args.slice(0, 2).filter((arg) => arg !== '--inplace'),
      );
      for (const side of ['source', 'destination'] as const) {
        const found = await readTree(trees[side]);
        for (const name of ['a', 'large', 'pipe']) {
          expect(found.get(name)).toMatchObject({ atimeNs: '5000000001', mtimeNs: '6000000001' });
        }
      }
    }
  });

  test('are compared, and set without a copy, as by rsync', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', LONG_AGO), d: dir({ f: file('y', LONG_AGO) }) });
    await sync(trees, ['-U']);
    for (const name of ['a', 'd/f']) {
      execFileSync('touch', ['-a', '-d', '@7', join(trees.destination, name)]);
    }
    const { stdout } = await verify(trees, ['-U', '--json'], { status: 40 });
    expect(reportIn(stdout).verdicts).toMatchObject([
      { class: 'metadata differs', path: 'a', differences: ['atime'] },
      { class: 'metadata differs', path: 'd/f', differences: ['atime'] },
    ]);
    const { output } = await sync(trees, ['-U', '-n', '-i']);
    const listed = output.split('\n').filter((line) => /^\S{11} /.test(line));
    const rsync = execFileSync('rsync', ['-naUi', `${trees.source}/`, `${trees.destination}/`]);
    expect(listed.toSorted()).toEqual(rsync.toString('latin1').trimEnd().split('\n').toSorted());
    expect(listed).toContain('.f......u.. a');
    const { tally } = await syncForReport(trees, ['-U']);
    expect(tally).toMatchObject({ filesTransferred: 0, entriesAdjusted: 2 });
    await verify(trees, ['-U']);
  });

  test('that the run itself changes, by reading files of others, are no failure', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', LONG_AGO), d: dir() });
    chownSync(trees.destination, 65_534, 65_534);
    await sync(trees, ['-U', '--preserve=mtime'], { asNobody: true });
    expect((await readTree(trees.source)).get('a')?.atimeNs).not.toBe('5000000001');
  });

  test('that other readers of the source change are no failure', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', LONG_AGO) });
    await sync(trees, ['-U']);
    execFileSync('touch', ['-a', join(trees.source, 'a')]);
    const { stdout } = await verify(trees, ['-U', '--json'], { status: 41 });
    expect(reportIn(stdout).verdicts).toMatchObject([{ class: 'source changed', differences: ['atime'] }]);
  });
});
