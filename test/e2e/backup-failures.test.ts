/** --backup: if there can be no backup, the old file stays, and a kill at any moment leaves it under one of its names. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeReplaced } from '../support/backup-trees.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, tracedEnvironment } from '../support/run-cli.ts';
import { giveToNobody, run, snapshot, sync, test, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

describe('without a backup the old file stays', () => {
  test('where a directory has the name of the backup', async ({ trees }) => {
    await writeReplaced(trees);
    await writeTree(trees.destination, { a: file('old!'), 'a~': dir({ x: file() }) });
    await writeTree(trees.destination, { 'extra~': dir({ x: file() }) });
    const { stderr, stdout } = await sync(trees, ['-b', '--delete'], { status: 23 });
    expect(stderr).toMatch(/cannot copy .*a: cannot back it up: Directory not empty/);
    expect(readFileSync(join(trees.destination, 'a'), 'utf8')).toBe('old!');
    expect(existsSync(join(trees.destination, 'a~/x'))).toBe(true);
    // gone/f alone: nothing is deleted after a failure, or could not be moved aside.
    expect(existsSync(join(trees.destination, 'extra'))).toBe(true);
    expect(stdout).toMatch(/Backed up +1 entry/);
  });

  describeWith(['another user'], 'for another user', () => {
    test('whose backup directory is denied', async ({ trees }) => {
      await writeReplaced(trees);
      await writeTree(trees.destination, { a: file('old!'), bk: dir({}) });
      giveToNobody(trees);
      const bk = join(trees.destination, 'bk');
      spawnSync('chown', ['0:0', bk]);
      chmodSync(bk, 0o755);
      const before = await snapshot(join(trees.destination, 'gone'));
      const args = ['--backup-dir=bk', '--delete'];
      const { stderr } = await sync(trees, args, { status: 23, asNobody: true });
      expect(stderr).toMatch(/cannot copy .*a: cannot back it up: Permission denied/);
      expect(readFileSync(join(trees.destination, 'a'), 'utf8')).toBe('old!');
      expect(await snapshot(join(trees.destination, 'gone'))).toEqual(before);
    });
  });
});

const CALLS = ['linkat', 'renameat', 'mkdirat'];

describeWith(['strace'], 'with a fault', () => {
  test.for(['-b', '--backup-dir=bk'])('a kill at any step loses nothing: %s', async (option, { trees }) => {
    const args = [trees.source, trees.destination, option, '--delete', '--concurrency=1'];
    for (const call of CALLS) {
      for (const when of [1, 2]) {
        await writeTree(trees.source, { a: file('new'), h: file('new') });
        spawnSync('rm', ['-rf', trees.destination]);
        await writeTree(trees.destination, {
          a: file('old a'),
          'a~': file('x'),
          h: file('old h'),
          extra: file('old e'),
        });
        traced([`inject=${call}:signal=KILL:when=${when}`], args);
        for (const [name, old] of Object.entries({ a: 'old a', h: 'old h', extra: 'old e' })) {
          const places = [name, `${name}~`, `bk/${name}`].map((path) => contentOf(trees, path));
          expect(places, `${call} ${when} ${name}`).toContain(old);
          if (name !== 'extra') expect(['new', old]).toContain(places[0]);
        }
        await run(args);
      }
    }
  });

  test.for(['EPERM', 'EMLINK', 'EOPNOTSUPP'])('without links: %s', async (errno, { trees }) => {
    await writeTree(trees.source, { a: file('new') });
    await writeTree(trees.destination, { a: file('old!') });
    const args = [trees.source, trees.destination, '-b'];
    expect(traced([`inject=linkat:error=${errno}`], args).status).toBe(0);
    expect(['a', 'a~'].map((name) => contentOf(trees, name))).toEqual(['new', 'old!']);
  });
});

function traced(injections: readonly string[], args: readonly string[]) {
  const options = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${CALLS.join(',')}`];
  const each = injections.flatMap((injection) => ['-e', injection]);
  return spawnSync('strace', [...options, ...each, CLI, ...args], {
    env: tracedEnvironment(),
    encoding: 'utf8',
  });
}

function contentOf({ destination }: Trees, path: string): string | undefined {
  const full = join(destination, path);
  return existsSync(full) && statSync(full).isFile() ? readFileSync(full, 'utf8') : undefined;
}
