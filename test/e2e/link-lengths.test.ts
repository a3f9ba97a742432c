/** Symbolic links are compared by their targets, whatever length their file system reports. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readlinkSync } from 'node:fs';
import { expect } from 'vitest';
import { expectNothingToDo, reportIn } from '../support/json-report.ts';
import { onOddDestination } from '../support/odd-destination.ts';
import { withOddfs } from '../support/oddfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, verify } from '../support/scenario.ts';
import { hardLink, symlink } from '../support/tree.ts';

describeWith(['root', 'oddfs', 'rsync'], 'a file system that reports a wrong length for a link', () => {
  const LINKS = {
    l: symlink('some/target', { mtimeNs: 1n }),
    h: hardLink('l'),
    m: symlink('x', { mtimeNs: 1n }),
  };

  test('as the destination: nothing is created again, and verification succeeds', async ({ trees }) => {
    await writeTree(trees.source, LINKS);
    await onOddDestination(trees, ['size l 0', 'size h 4096', 'size m 3'], async () => {
      await sync(trees);
      expect(['l', 'h', 'm'].map((name) => readlinkSync(`${trees.destination}/${name}`))).toEqual([
        'some/target',
        'some/target',
        'x',
      ]);
      await expectNothingToDo(trees);
      await expectNothingToDo(trees, ['--checksum']);
      await verify(trees);
    });
  });

  test('as the source, and a target that differs is still found', async ({ trees }) => {
    const backing = `${trees.directory}/shown`;
    mkdirSync(backing);
    await writeTree(backing, LINKS);
    await withOddfs({ backing, mountPoint: trees.source }, ['size * 0'], async () => {
      await sync(trees);
      await expectNothingToDo(trees);
      expect(execFileSync('rsync', ['-aHin', `${trees.source}/`, `${trees.destination}/`]).toString()).toBe(
        '',
      );
      await writeTree(trees.destination, { m: symlink('y', { mtimeNs: 1n }) });
      const { stdout } = await verify(trees, ['--json'], { status: 40 });
      const found = reportIn(stdout).verdicts.filter(({ path }) => path !== '');
      expect(found).toMatchObject([{ class: 'content mismatch', path: 'm' }]);
      await sync(trees);
      await verify(trees);
    });
  });
});
