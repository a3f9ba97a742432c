/** Permissions that a run gives itself, to write where nobody may, are taken back whatever happens. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

function modesIn(root: string): string {
  return execFileSync('find', ['.', '-mindepth', '1', '-printf', '%P %m\n'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .toSorted()
    .join('\n');
}

describeWith(['root', 'rsync'], 'modes that are not preserved', () => {
  test.for([
    ['mtime', '-rlt'],
    ['mtime,xattr', '-rltX'],
  ] as const)(
    '--preserve=%s: new entries get the modes of rsync %s',
    async ([preserve, options], { trees }) => {
      await writeTree(trees.source, {
        closed: dir({ below: dir({ f: file('x', { mode: 0o400 }) }, { mode: 0o500 }) }, { mode: 0o555 }),
        leaf: dir({ none: file('x', { mode: 0 }), read: file('x', { mode: 0o444 }) }, { mode: 0o050 }),
        empty: dir({}, { mode: 0o111 }),
        plain: file('x', { mode: 0o640 }),
      });
      const twin = `${trees.directory}/twin`;
      mkdirSync(twin);
      execFileSync('rsync', [options, `${trees.source}/`, `${twin}/`]);
      await sync(trees, [`--preserve=${preserve}`]);
      expect(modesIn(trees.destination)).toBe(modesIn(twin));
      // A replaced file keeps its own mode.
      chmodSync(`${trees.destination}/plain`, 0o604);
      await writeTree(trees.source, { plain: file('other', { mode: 0o444 }) });
      await sync(trees, [`--preserve=${preserve}`]);
      expect(modeOf(`${trees.destination}/plain`)).toBe('604');
    },
  );
});

async function writeLocked(trees: Trees): Promise<void> {
  await writeTree(trees.source, {
    d: dir({ large: file('x'.repeat(900_000)), e: dir({}, { mode: 0o555 }) }, { mode: 0o555 }),
  });
  await writeTree(trees.destination, {
    d: dir({ e: dir({}, { mode: 0o555 }) }, { mode: 0o555 }),
    stray: dir({ kept: file(), gone: file(), sub: dir({ gone: file() }) }, { mode: 0o555 }),
    shut: dir({ gone: file() }, { mode: 0o300 }),
  });
  giveToNobody(trees);
}

describeWith(['another user'], 'directories that nobody may write to', () => {
  test('an extraneous one that stays because something in it is protected', async ({ trees }) => {
    await writeLocked(trees);
    await sync(trees, ['--delete', '--exclude=kept'], { asNobody: true });
    expect(readdirSync(`${trees.destination}/stray`)).toEqual(['kept']);
    expect(existsSync(`${trees.destination}/shut`)).toBe(false);
    expect(['stray', 'd', 'd/e'].map((path) => modeOf(`${trees.destination}/${path}`))).toEqual([
      '555',
      '555',
      '555',
    ]);
  });

  test('more deletions than --max-delete allows', async ({ trees }) => {
    await writeLocked(trees);
    await sync(trees, ['--delete', '--max-delete=1'], { asNobody: true, status: 25 });
    expect(['stray', 'shut', 'd'].map((path) => modeOf(`${trees.destination}/${path}`))).toEqual([
      '555',
      '300',
      '555',
    ]);
  });

  test('a run that is refused after both sides are listed', async ({ trees }) => {
    await writeLocked(trees);
    execFileSync('rm', ['-r', `${trees.source}/d`]);
    await sync(trees, ['--delete'], { asNobody: true, status: 3 });
    expect(['stray', 'shut', 'd'].map((path) => modeOf(`${trees.destination}/${path}`))).toEqual([
      '555',
      '300',
      '555',
    ]);
  });

  test.for(['SIGINT', 'SIGTERM'] as const)('a run that %s ends', async (signal, { trees }) => {
    await writeLocked(trees);
    await sync(trees, ['--delete', '--bwlimit=200K'], {
      asNobody: true,
      status: 20,
      onStart: (child) => {
        const timer = setInterval(() => {
          if (modeOf(`${trees.destination}/d`) === '555') return;
          clearInterval(timer);
          child.kill(signal);
        }, 5);
        child.on('exit', () => {
          clearInterval(timer);
        });
      },
    });
    expect(existsSync(`${trees.destination}/d/large`)).toBe(false);
    expect(['stray', 'shut', 'd', 'd/e'].map((path) => modeOf(`${trees.destination}/${path}`))).toEqual([
      '555',
      '300',
      '555',
      '555',
    ]);
    await sync(trees, ['--delete'], { asNobody: true });
    expect(modeOf(`${trees.destination}/d`)).toBe('555');
    expect(existsSync(`${trees.destination}/stray`)).toBe(false);
  });

  test('a child that fails', async ({ trees }) => {
    await writeLocked(trees);
    chmodSync(`${trees.source}/d/large`, 0);
    await sync(trees, [], { asNobody: true, status: 23 });
    expect(modeOf(`${trees.destination}/d`)).toBe('555');
  });

  test('a run that SIGKILL ends: the next one repairs it', async ({ trees }) => {
    await writeLocked(trees);
    chmodSync(`${trees.destination}/d`, 0o755);
    await sync(trees, ['--delete', '--exclude=kept'], { asNobody: true });
    expect(modeOf(`${trees.destination}/d`)).toBe('555');
  });
});
