/**
 * A destination that accepts no more writes ends the run with exit status 11, and nothing half-written stays.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

async function onMountedDestination(trees: Trees, options: string, body: () => Promise<void>): Promise<void> {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', trees.destination]);
  try {
    await body();
  } finally {
    execFileSync('umount', [trees.destination]);
  }
}

describeWith(['root', 'tmpfs mount'], 'a destination that accepts no more writes', () => {
  test('because it is full', async ({ trees }) => {
    await writeTree(trees.source, { small: file('x'), large: file('y'.repeat(3_000_000)) });
    await onMountedDestination(trees, 'size=1m', async () => {
      const report = join(trees.directory, 'report');
      const reports = ['html', 'json', 'txt'].map((ending) => `--report=${report}.${ending}`);
      const { stdout, stderr } = await sync(trees, reports, { status: 11 });
      const text = readFileSync(`${report}.txt`, 'utf8');
      expect(text).toMatch(
        /^Error: cannot copy .*: No space left on device at the destination \(exit status 11\)\n/,
      );
      expect(text).toContain(`on tmpfs tmpfs, mounted at ${trees.destination}`);
      expect(JSON.parse(readFileSync(`${report}.json`, 'utf8'))).toMatchObject({
        event: 'error',
        report: { event: 'report', status: 'Error', tally: { sourceFiles: 2 } },
      });
      const page = readFileSync(`${report}.html`, 'utf8');
      expect(page).toMatch(/What to do:<\/b> Make room at the destination/);
      expect(page).toContain('<h2>Counts</h2>');
      expect(stderr).toContain(
        `efs-sync: cannot copy ${trees.destination}/large: No space left on device at the destination (exit status 11)\n`,
      );
      // Only what had finished is reported as done: there was room for the small file alone.
      expect(stdout).toMatch(/^Error \(exit status 11\)\n {2}Source +2 files; 2.86 MiB$/m);
      expect(stdout).toMatch(/^ {2}Time +/m);
      expect(
        [...(await readTree(trees.destination)).keys()].filter((path) => /tmp|large/.test(path)),
      ).toEqual([]);
    });
  });
});
