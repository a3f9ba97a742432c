/** A read-only destination is refused at once, with advice; a dry run and verify need not write. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withLatfs } from '../support/latfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

/** rsync's exit status, as the oracle. */
function rsyncStatus({ source, destination }: Trees, args: readonly string[]): number {
  try {
    execFileSync('rsync', ['-a', ...args, `${source}/`, `${destination}/`], { stdio: 'ignore' });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

const WAYS = {
  tmpfs: (at: string) => execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'fs-1:/', at]),
  bind: (at: string) => {
    execFileSync('mount', ['--bind', at, at]);
    execFileSync('mount', ['-o', 'remount,bind,ro', at]);
  },
};

describeWith(['root', 'tmpfs mount', 'rsync'], 'mounted read-only', () => {
  test.for(Object.entries(WAYS))('%s', async ([, mountAt], { trees }) => {
    await writeTree(trees.source, { a: file('a'), d: dir({ b: file('b') }) });
    mountAt(trees.destination);
    try {
      const below = join(trees.directory, 'report.txt');
      const { stdout, stderr } = await sync(trees, [`--report=${below}`], { status: 3 });
      expect(stdout).toBe('');
      expect(stderr).toMatch(
        new RegExp(
          `^efs-sync: cannot use destination ${trees.destination}: it is mounted read-only \\(.* at ${trees.destination}\\); ` +
            `mount it for writing: mount -o remount,rw ${trees.destination}\n$`,
        ),
      );
      expect(rsyncStatus(trees, [])).not.toBe(0);
      const dry = await sync(trees, ['-n']);
      expect(dry.stderr).toContain('warning: destination: writing: it is mounted read-only');
      expect(dry.stderr).toContain('a sync would be refused (exit status 3)');
      expect(dry.stdout).toContain('>f+++++++++ a');
      expect(rsyncStatus(trees, ['-n'])).toBe(0);
      const { stderr: verdicts } = await verify(trees, [], { status: 40 });
      expect(verdicts).not.toContain('read-only');
      const checks = await run(['preflight', trees.source, trees.destination], { status: 3 });
      expect(checks.stdout).toMatch(/\[FAIL\] +destination: writing: it is mounted read-only/);
      expect(checks.stdout).not.toContain('squash');
    } finally {
      execFileSync('umount', [trees.destination]);
    }
  });

  test('a read-only source is accepted', async ({ trees }) => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'fs-1:/', trees.source]);
    try {
      await sync(trees);
    } finally {
      execFileSync('umount', [trees.source]);
    }
  });

  test('a directory of a read-only mount is refused, too', async ({ trees }) => {
    const at = join(trees.directory, 'mnt');
    mkdirSync(at);
    execFileSync('mount', ['-t', 'tmpfs', 'fs-1:/', at]);
    try {
      mkdirSync(join(at, 'data'));
      execFileSync('mount', ['-o', 'remount,ro', at]);
      const { stderr } = await run([trees.source, join(at, 'data')], { status: 3 });
      expect(stderr).toContain(`mounted read-only (tmpfs fs-1:/ at ${at})`);
    } finally {
      execFileSync('umount', [at]);
      rmSync(at, { recursive: true });
    }
  });
});

describeWith(['latfs'], 'a server that refuses changes', () => {
  test('is found before anything is listed, and nothing stays there', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a') });
    const mountPoint = join(trees.directory, 'mnt');
    await withLatfs({ backing: trees.destination, mountPoint }, [], async (latfs) => {
      for (const op of ['setattr', 'create', 'mkdir', 'unlink', 'rename'])
        latfs.ctl(`op=${op}`, 'errno=EROFS');
      const { stdout, stderr } = await run([trees.source, mountPoint], { status: 3 });
      expect(stdout).toBe('');
      expect(stderr).toMatch(/: its server allows no changes to it \(.*\); export it for writing \(rw\)\n$/);
      const { ops } = latfs.stats();
      expect(ops['readdir']?.count ?? 0).toBe(0);
    });
    expect(readdirSync(trees.destination)).toEqual([]);
  });
});
