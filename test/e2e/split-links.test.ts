/** A group of hard links with more names than the destination allows per file becomes several files there. */
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runWithEfsDestination } from '../support/as-efs.ts';
import { jsonEvents, reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, hardLink, type NamedNode } from '../support/tree.ts';

/** Puts `first` in one directory and the other names in another. */
async function writeGroup(root: string, names: number): Promise<void> {
  const others = Array.from({ length: names - 1 }, (_, index): NamedNode => [
    `n${index}`,
    hardLink('a/first'),
  ]);
  await writeTree(root, { a: dir({ first: file('content of all') }), b: dir(others) });
}

/** Counts the names of each inode with find(1) and awk(1). */
function namesPerInode(...roots: string[]): number[] {
  const count = `find "$@" -type f -printf '%i\\n' | sort | uniq -c | awk '{print $1}' | sort -rn`;
  const text = execFileSync('sh', ['-c', count, 'sh', ...roots], { encoding: 'utf8' });
  return text.trim().split('\n').map(Number);
}

function events(stdout: string, name: string): object[] {
  return jsonEvents(stdout).filter(({ event }) => event === name);
}

function syncToEfs(trees: Trees, args: readonly string[] = []): string {
  return runWithEfsDestination(trees, [trees.source, trees.destination, '--json', ...args]).stdout;
}

describeWith(['root'], 'EFS, 177 names per file', () => {
  const SPLIT = { event: 'split', path: 'a/first', names: 400, files: 3, limit: 177 };

  test('splits a group, reports and verifies it, and has nothing to do next time', async ({ trees }) => {
    await writeGroup(trees.source, 400);
    const first = syncToEfs(trees);
    expect(namesPerInode(trees.destination)).toEqual([177, 177, 46]);
    execFileSync('diff', ['-r', trees.source, trees.destination]);
    expect(events(first, 'split')).toEqual([SPLIT]);
    expect(reportIn(first)).toMatchObject({ status: 'Success', tally: { linkGroupsSplit: 1 }, verdicts: [] });
    expect(reportIn(first).notes.join()).toContain(
      '1 group of hard links as several files with the same content',
    );
    const second = syncToEfs(trees);
    expect(events(second, 'change')).toEqual([]);
    expect(events(second, 'split')).toEqual([SPLIT]);
  });

  test('keeps a group of 177 together', async ({ trees }) => {
    await writeGroup(trees.source, 177);
    const stdout = syncToEfs(trees);
    expect(namesPerInode(trees.destination)).toEqual([177]);
    expect(events(stdout, 'split')).toEqual([]);
  });

  test('is reported by verify and in the text of a run, which do not fail', async ({ trees }) => {
    await writeGroup(trees.source, 200);
    const log = join(trees.directory, 'log');
    const { source, destination } = trees;
    const { stdout } = runWithEfsDestination(trees, [source, destination, `--log-file=${log}`]);
    const line = 'split: a/first: 200 hard links need 2 files: the destination allows 177 names per file';
    expect(stdout).toContain(`${line}\n`);
    expect(readFileSync(log, 'utf8')).toContain(line);
    expect(runWithEfsDestination(trees, ['verify', source, destination]).stdout).toContain(line);
  });

  test('excuses no more files than needed', async ({ trees }) => {
    await writeGroup(trees.source, 200);
    syncToEfs(trees);
    const name = join(trees.destination, 'b/n0');
    execFileSync('cp', ['-p', '--remove-destination', join(trees.source, 'b/n0'), name]);
    const { stdout } = runWithEfsDestination(
      trees,
      ['verify', trees.source, trees.destination, '--json'],
      40,
    );
    const classes = events(stdout, 'verdict').map((verdict) => (verdict as { class: string }).class);
    expect(classes).toContain('links differ');
  });

  test('is listed by a dry run', async ({ trees }) => {
    await writeGroup(trees.source, 200);
    const stdout = syncToEfs(trees, ['--dry-run']);
    expect(events(stdout, 'split')).toHaveLength(1);
    expect(reportIn(stdout).tally).toMatchObject({ filesToTransfer: 2, entriesToLink: 198 });
  });
});

async function onExt4(trees: Trees, body: () => Promise<void>): Promise<void> {
  const image = join(trees.directory, 'image');
  execFileSync('truncate', ['-s', '64M', image]);
  execFileSync('mkfs.ext4', ['-q', image], { stdio: 'ignore' });
  execFileSync('mount', ['-o', 'loop', image, trees.destination]);
  try {
    execFileSync('rmdir', [join(trees.destination, 'lost+found')]);
    await body();
  } finally {
    execFileSync('umount', [trees.destination]);
  }
}

describeWith(['root', 'loop mount'], 'ext4, which refuses the 65,001st name', () => {
  test('an inode that unrelated names have filled gets no more', async ({ trees }) => {
    await writeGroup(trees.source, 10);
    await onExt4(trees, async () => {
      const { destination } = trees;
      await writeTree(destination, { others: dir(), a: dir(), b: dir() });
      const name = join(destination, 'a/first');
      execFileSync('cp', ['-p', join(trees.source, 'a/first'), name]);
      for (let index = 0; index < 64_996; index++) linkSync(name, join(destination, `others/n${index}`));
      const { stdout } = await sync(trees, ['--json']);
      expect(statSync(name).nlink).toBe(65_000);
      const found = namesPerInode(join(destination, 'a'), join(destination, 'b'));
      expect(found).toEqual([6, 4]);
      expect(events(stdout, 'split')).toMatchObject([{ names: 10, files: 2, limit: 65_000 }]);
      expect(events(stdout, 'verdict')).toEqual([]);
      execFileSync('diff', ['-r', join(trees.source, 'b'), join(destination, 'b')]);
    });
  });
});
