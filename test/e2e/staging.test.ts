/** Many new files of one directory are written in staging directories, of which nothing stays behind. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withLatfs } from '../support/latfs.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI, runCli } from '../support/run-cli.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import { dir, fifo, file, symlink } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

const STAGING = `.efs-sync-${'0'.repeat(32)}.tmp`;
const TEMPORARY = `.efs-sync-${'1'.repeat(32)}.tmp`;
const MANY = Array.from({ length: 100 }, (_, index): NamedNode => [`f${index}`, file(`content ${index}`)]);

function stagingDirectories(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

describeWith(['latfs', 'root'], 'with calls that take a round trip', () => {
  test('files get into an existing directory, and staging directories are removed', async ({ trees }) => {
    await writeTree(trees.source, { d: dir(MANY) });
    await writeTree(trees.destination, { d: dir({ f1: file('old'), g: file('stays') }) });
    const mountPoint = join(trees.directory, 'mount');
    await withLatfs({ backing: trees.destination, mountPoint }, ['--latency', '1'], async (latfs) => {
      await sync({ ...trees, destination: mountPoint }, ['--verify=none']);
      // The root and d exist, so every mkdir is for staging.
      expect(latfs.stats().ops['mkdir']?.count).toBe(4);
    });
    expect(readdirSync(join(trees.destination, 'd'))).toHaveLength(MANY.length + 1);
    await sync(trees, ['--delete']);
    await expectSame(trees);
  });

  test('a killed run leaves them for the next one', async ({ trees }) => {
    await writeTree(trees.source, { d: dir(MANY) });
    await writeTree(trees.destination, { d: dir({}) });
    const mountPoint = join(trees.directory, 'mount');
    const onHidden = join(trees.destination, 'd');
    await withLatfs({ backing: trees.destination, mountPoint }, ['--latency', '5'], async () => {
      const { signal } = await runCli([trees.source, mountPoint, '--verify=none'], {
        onStart: (child) => {
          const timer = setInterval(() => {
            if (stagingDirectories(onHidden).length === 4) child.kill('SIGKILL');
          }, 1);
          child.on('exit', () => clearInterval(timer));
        },
      });
      expect(signal).toBe('SIGKILL');
    });
    expect(stagingDirectories(onHidden)).not.toEqual([]);
    await sync(trees);
    await expectSame(trees);
  });
});

test('the next run removes leftovers silently, and verification ignores them', async ({ trees }) => {
  await writeTree(trees.source, { d: dir({ f: file('x') }) });
  await sync(trees);
  await writeTree(trees.destination, { d: dir({ [STAGING]: dir({ [TEMPORARY]: file('half') }) }) });
  await verify(trees, ['--delete', '--preserve=mode']);
  const { stdout } = await sync(trees, ['-i', '--delete', '--max-delete=0']);
  expect(stdout).not.toContain('deleting');
  await expectSame(trees);
});

test('its files are removed whatever their names, but not the targets of its links', async ({ trees }) => {
  await writeTree(trees.directory, { outside: dir({ kept: file('x') }) });
  const left = dir({ a: file('half'), link: symlink('../../outside'), pipe: fifo() });
  await writeTree(trees.destination, { [STAGING]: left, linked: symlink('../outside') });
  await writeTree(trees.source, { f: file('y') });
  await sync(trees, ['--delete']);
  await expectSame(trees);
  expect((await readTree(trees.directory)).has('outside/kept')).toBe(true);
});

test('one that no run can have left stays complete, and is a problem with --delete', async ({ trees }) => {
  const foreign = { [STAGING]: dir({ mine: file('x'), below: dir({ deep: file('z') }) }) };
  await writeTree(trees.destination, foreign);
  await writeTree(trees.source, { f: file('y') });
  for (let run = 0; run < 2; run++) await sync(trees);
  const { output } = await sync(trees, ['--delete'], { status: 23 });
  expect(output).toContain(`${STAGING}: Directory not empty`);
  const found = await readTree(trees.destination);
  expect([`${STAGING}/mine`, `${STAGING}/below/deep`].filter((path) => !found.has(path))).toEqual([]);
});

test('a mount there is not emptied', async ({ trees }) => {
  await writeTree(trees.source, { f: file('y') });
  await writeTree(trees.directory, { mounted: dir({ kept: file('x') }) });
  await writeTree(trees.destination, { [STAGING]: dir({}) });
  const script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  const [mounted, at] = [join(trees.directory, 'mounted'), join(trees.destination, STAGING)];
  const command = [process.execPath, CLI, trees.source, trees.destination];
  const { status, output } = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', mounted, at, ...command], {
    encoding: 'utf8',
    env: cleanEnvironment(),
  });
  expect(status, String(output)).toBe(0);
  expect((await readTree(mounted)).has('kept')).toBe(true);
});

test('one in the source is copied and kept', async ({ trees }) => {
  await writeTree(trees.source, { [STAGING]: dir({ [TEMPORARY]: file('mine') }) });
  await sync(trees);
  await expectSame(trees);
  await sync(trees, ['--delete']);
  await expectSame(trees);
});
