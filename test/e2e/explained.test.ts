/** One failure never hides another, and never causes changes to anything that a rule or a mode protects. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { describeWith } from '../support/requirements.ts';
import { runCli } from '../support/run-cli.ts';
import { expectSame, giveToNobody, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';

/** Writes a file with the same name, size and times on both sides. */
function writeBoth({ source, destination }: Trees, name: string, contents: readonly [string, string]): void {
  writeFileSync(join(source, name), contents[0]);
  writeFileSync(join(destination, name), contents[1]);
  execFileSync('touch', ['-r', join(source, name), join(destination, name)]);
  execFileSync('touch', ['-r', source, destination]);
}

describeWith(['another user'], 'as nobody', () => {
  test('a name is not linked to another whose content could not be copied', async ({ trees }) => {
    writeFileSync(join(trees.source, 'a'), 'new');
    linkSync(join(trees.source, 'a'), join(trees.source, 'b'));
    writeFileSync(join(trees.destination, 'a'), 'old a');
    writeFileSync(join(trees.destination, 'b'), 'old b');
    giveToNobody(trees);
    chmodSync(join(trees.source, 'a'), 0);
    await sync(trees, ['--verify=none'], { asNobody: true, status: 23 });
    expect(readFileSync(join(trees.destination, 'b'), 'utf8')).toBe('old b');
  });

  test('a lost owner does not hide corruption', async ({ trees }) => {
    writeBoth(trees, 'f', ['good', 'evil']);
    execFileSync('chown', ['-R', '65534:65534', trees.destination]);
    execFileSync('touch', ['-r', trees.source, trees.destination]);
    const { stderr } = await sync(trees, ['--preserve=owner,mode,mtime'], { asNobody: true, status: 40 });
    expect(stderr).toMatch(/content mismatch: f/);
  });

  test('a directory that can be listed but not searched fails alone', async ({ trees }) => {
    mkdirSync(join(trees.source, 'p/sub'), { recursive: true });
    writeFileSync(join(trees.source, 'q'), 'q');
    execFileSync('chmod', ['744', join(trees.source, 'p')]);
    execFileSync('chown', ['65534:65534', trees.destination]);
    await sync(trees, [], { asNobody: true, status: 23 });
    expect(readFileSync(join(trees.destination, 'q'), 'utf8')).toBe('q');
  });

  test('a mode is set in a directory that stays read-only', async ({ trees }) => {
    mkdirSync(join(trees.source, 'p'));
    writeFileSync(join(trees.source, 'p/f'), 'f');
    await sync(trees);
    giveToNobody(trees);
    chmodSync(join(trees.destination, 'p/f'), 0o600);
    for (const root of [trees.source, trees.destination]) chmodSync(join(root, 'p'), 0o555);
    await sync(trees, [], { asNobody: true });
    await expectSame(trees);
  });
});

test('--ignore-existing keeps a file where the source has a directory', async ({ trees }) => {
  mkdirSync(join(trees.source, 'y'));
  writeFileSync(join(trees.destination, 'y'), 'precious');
  await sync(trees, ['--ignore-existing']);
  expect(readFileSync(join(trees.destination, 'y'), 'utf8')).toBe('precious');
});

test('corruption is not mistaken for a changed source, even if another name has the same hash', async ({
  trees,
}) => {
  writeFileSync(join(trees.source, 'file-2429192'), 'other');
  copyFileSync(join(trees.source, 'file-2429192'), join(trees.destination, 'file-2429192'));
  writeBoth(trees, 'file-2232789', ['good', 'evil']);
  await sync(trees, [], { status: 40 });
});

test('--partial does not change the permissions of a new file', async ({ trees }) => {
  writeFileSync(join(trees.source, 'big'), Buffer.alloc(2_000_000, 1), { mode: 0o644 });
  await sync(trees, ['--partial', '--preserve=mtime']);
  expect(lstatSync(join(trees.destination, 'big')).mode & 0o777).toBe(0o644);
});

test('an impossible name in a list does not stop the others from being copied', async ({ trees }) => {
  writeFileSync(join(trees.source, 'bbb'), '1');
  const list = join(trees.directory, 'list');
  writeFileSync(list, `${'a'.repeat(300)}\nbbb\n`);
  await sync(trees, [`--files-from=${list}`], { status: 23 });
  expect(readFileSync(join(trees.destination, 'bbb'), 'utf8')).toBe('1');
});

test('verify reports missing listed names, and what --delete-excluded would have removed', async ({
  trees,
}) => {
  writeBoth(trees, 'a.o', ['1', '1']);
  const list = join(trees.directory, 'list');
  writeFileSync(list, 'a.o\nnosuch\n');
  const roots = [trees.source, trees.destination];
  expect((await runCli(['verify', `--files-from=${list}`, ...roots])).status).toBe(23);
  expect((await runCli(['verify', '--delete-excluded', '--exclude=*.o', ...roots])).status).toBe(40);
});

test('more differences than a call may have arguments are all counted', async ({ memoryTrees }) => {
  execFileSync('python3', ['-c', MANY, memoryTrees.source]);
  const { stdout, status } = await runCli(['verify', '--json', memoryTrees.source, memoryTrees.destination]);
  expect(status).toBe(40);
  const report = reportIn(stdout) as unknown as { verdictCounts: Record<string, number> };
  expect(report.verdictCounts['missing']).toBe(150_000);
});

const MANY = `
import os, sys
for i in range(150000): os.close(os.open(f"{sys.argv[1]}/{i}", os.O_CREAT | os.O_WRONLY))
`;
