/** With --partial, the part of a large file that an interrupted run copied is not copied again. */
import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, fifo, file, symlink, type Node } from '../support/tree.ts';

const SIZE_BYTES = 40 * 1024 * 1024;
const SLOWLY = ['--partial', '--verify=none', '--bwlimit=8M'];

function partials({ destination }: Trees): string[] {
  return readdirSync(destination).filter((name) => name.endsWith('.part'));
}

/** Stops a first run after at least 16 MiB. */
async function interruptedRun(trees: Trees): Promise<void> {
  writeFileSync(join(trees.source, 'large'), randomBytes(SIZE_BYTES));
  await sync(trees, SLOWLY, { status: 20, onStart: (child) => interruptOnceCopied(trees, child) });
  expect(partials(trees)).toHaveLength(1);
}

/** Sets nanoseconds, which Node's utimes cannot. */
function setMtime(path: string, mtimeNs: bigint): void {
  execFileSync('python3', [
    '-c',
    'import os, sys; t = int(sys.argv[2]); os.utime(sys.argv[1], ns=(t, t))',
    path,
    `${mtimeNs}`,
  ]);
}

function interruptOnceCopied(trees: Trees, child: ChildProcess): void {
  const timer = setInterval(() => {
    const [name] = partials(trees);
    if (name === undefined || statSync(join(trees.destination, name)).size < 16 * 1024 * 1024) return;
    clearInterval(timer);
    child.kill('SIGINT');
  }, 5);
  child.on('exit', () => {
    clearInterval(timer);
  });
}

test('the next run resumes it', async ({ trees }) => {
  await interruptedRun(trees);
  const { tally } = await syncForReport(trees, ['--partial']);
  expect(tally['bytesWritten']).toBeLessThan(SIZE_BYTES);
  expect(tally['bytesWritten']).toBeGreaterThan(0);
  await expectSame(trees);
});

test('a source that has changed is copied from its start', async ({ trees }) => {
  await interruptedRun(trees);
  writeFileSync(join(trees.source, 'large'), randomBytes(SIZE_BYTES));
  const { tally } = await syncForReport(trees, ['--partial']);
  expect(tally['bytesWritten']).toBe(SIZE_BYTES);
  await expectSame(trees);
});

test('so is a rewritten source whose mtime was set back', async ({ trees }) => {
  await interruptedRun(trees);
  const path = join(trees.source, 'large');
  const { mtimeNs } = statSync(path, { bigint: true });
  writeFileSync(path, randomBytes(SIZE_BYTES));
  setMtime(path, mtimeNs);
  const { tally } = await syncForReport(trees, ['--partial']);
  expect(tally['bytesWritten']).toBe(SIZE_BYTES);
  await expectSame(trees);
});

test('is removed once the source file is gone', async ({ trees }) => {
  await interruptedRun(trees);
  rmSync(join(trees.source, 'large'));
  await sync(trees, ['--partial']);
  expect(partials(trees)).toEqual([]);
});

test('a run without --partial removes it', async ({ trees }) => {
  await interruptedRun(trees);
  await sync(trees);
  expect(partials(trees)).toEqual([]);
  await expectSame(trees);
});

/** The name is predictable to anyone who can write in the directory. */
function partialNameOf(name: string): string {
  return `.efs-sync-${createHash('sha256').update(name).digest('hex').slice(0, 32)}.part`;
}

const PLANTED: readonly (readonly [string, Node])[] = [
  ['a symbolic link', symlink('../outside')],
  ['a symbolic link to itself', symlink(partialNameOf('large'))],
  ['a FIFO', fifo()],
  ['an empty directory', dir({})],
  ['a directory that is not empty', dir({ mine: file('x') })],
];

test.for(PLANTED)('%s with its name stops no run', async ([, planted], { trees }) => {
  writeFileSync(join(trees.source, 'large'), randomBytes(2 * 1024 * 1024));
  await writeTree(trees.directory, { outside: file('kept') });
  await writeTree(trees.destination, { [partialNameOf('large')]: planted });
  for (const args of [['--partial'], []]) {
    rmSync(join(trees.destination, 'large'), { force: true });
    await sync(trees, args);
    await expectSame(trees, { keepsExtraneous: true, ignoresDirectoryMtime: true });
  }
  expect(readFileSync(join(trees.directory, 'outside'), 'utf8')).toBe('kept');
  await sync(trees, ['--delete']);
  await expectSame(trees);
});

test('a directory with its name is extraneous like any other', async ({ trees }) => {
  await writeTree(trees.source, { f: file('y') });
  await writeTree(trees.destination, { f: file('y'), [partialNameOf('large')]: dir({ mine: file('x') }) });
  await verify(trees, ['--delete'], { status: 40 });
  const { stdout } = await sync(trees, ['-i', '--delete']);
  expect(stdout).toContain(`*deleting   ${partialNameOf('large')}/mine`);
  await expectSame(trees);
});
