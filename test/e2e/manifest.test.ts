/**
 * A manifest describes every verified entry as lstat, hashlib and sha256sum do, and exists completely or not
 * at all.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file, sparse, symlink, type Tree } from '../support/tree.ts';

const ORACLE = fileURLToPath(new URL('../support/oracle/manifest.py', import.meta.url));

/** Every kind that needs no privileges. Holes on both sides are not read. */
const TREE: Tree = {
  empty: file(''),
  a: file('content', { mtimeNs: -1_500_000_001n, mode: 0o640 }),
  linked: { kind: 'hard link', leader: 'a' },
  d: dir({ b: file('b'), deep: dir({ c: file('c') }, { mode: 0o750 }) }),
  link: symlink('nowhere/\xff'),
  fifo: { kind: 'fifo' },
  holes: sparse(9_000_000, [[4_000_000, 'data']]),
  large: file(Buffer.alloc(70 * 1024 * 1024, 'large')),
  '-': file('a hyphen is standard input'),
  ' space': file('1'),
  'back\\slash': file('2'),
  'line\nend\r': file('3'),
  'bad\xff': file('4'),
  '#': file('5'),
};

function manifestOf({ directory }: Trees): string {
  return join(directory, 'manifest');
}

/** The manifest's lines by path. */
function linesOf(trees: Trees): Map<string, Record<string, unknown>> {
  const [, ...lines] = readFileSync(manifestOf(trees), 'utf8').trimEnd().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return new Map(parsed.map((line) => [String(line['path']), line]));
}

function wrongIn(trees: Trees): string {
  return execFileSync('python3', [ORACLE, manifestOf(trees), trees.destination], { encoding: 'utf8' });
}

function checkSums(trees: Trees): { status: number | null; stdout: string } {
  const args = ['--strict', '-c', `${manifestOf(trees)}.sha256`];
  const { status, stdout } = spawnSync('sha256sum', args, { cwd: trees.destination, encoding: 'latin1' });
  return { status, stdout };
}

describe('--manifest', () => {
  test('of a sync and of verify alone, with SHA-256', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const args = ['-a', '--digest=sha256', `--manifest=${manifestOf(trees)}`];
    for (const run of [sync, verify]) {
      await run(trees, args);
      expect(wrongIn(trees)).toBe('');
      const { status, stdout } = checkSums(trees);
      expect([status, stdout.split(': OK\n').length - 1]).toEqual([0, 13]);
      expect(readdirSync(trees.directory).toSorted()).toEqual([
        'destination',
        'manifest',
        'manifest.sha256',
        'source',
      ]);
    }
  });

  test("has xxhsum's digest by default, and no second file", async ({ trees }) => {
    await writeTree(trees.source, { a: file('') });
    await sync(trees, [`--manifest=${manifestOf(trees)}`]);
    // XXH64 of empty input, from its specification.
    expect(linesOf(trees).get('a')).toMatchObject({ digestAlgorithm: 'xxh64', digest: 'ef46db3751d8e999' });
    expect(existsSync(`${manifestOf(trees)}.sha256`)).toBe(false);
  });

  test('lists each difference, and sha256sum finds the wrong content', async ({ trees }) => {
    await writeTree(trees.source, { same: file('1'), wrong: file('2'), gone: file('3'), mode: file('4') });
    await sync(trees);
    writeFileSync(join(trees.destination, 'wrong'), 'x');
    writeFileSync(join(trees.destination, 'extra'), 'x');
    unlinkSync(join(trees.destination, 'gone'));
    execFileSync('chmod', ['600', join(trees.destination, 'mode')]);
    const args = ['--delete', '--digest=sha256', `--manifest=${manifestOf(trees)}`];
    await verify(trees, args, { status: 40 });
    const lines = linesOf(trees);
    expect(Object.fromEntries([...lines].map(([path, { verdict }]) => [path, verdict]))).toEqual({
      '': 'metadata differs',
      same: 'verified',
      wrong: 'content mismatch',
      gone: 'missing',
      extra: 'extraneous',
      mode: 'metadata differs',
    });
    const [source, destination] = ['2', 'x'].map((text) =>
      execFileSync('sha256sum', { input: text, encoding: 'utf8' }).slice(0, 64),
    );
    expect(lines.get('wrong')).toMatchObject({ sourceDigest: source, destinationDigest: destination });
    expect(checkSums(trees).stdout).toContain('wrong: FAILED');
    expect(lines.get('gone')).toEqual({ path: 'gone', verdict: 'missing' });
  });

  test('of --verify=transferred has what was transferred', async ({ trees }) => {
    await writeTree(trees.source, { old: file('1') });
    await sync(trees);
    await writeTree(trees.source, { new: file('2') });
    await sync(trees, ['--verify=transferred', `--manifest=${manifestOf(trees)}`]);
    expect([...linesOf(trees).keys()]).toEqual(['new']);
  });

  test('of --files-from has what was selected', async ({ trees }) => {
    await writeTree(trees.source, { a: file('1'), b: file('2'), d: dir({ c: file('3'), d: file('4') }) });
    const list = join(trees.directory, 'list');
    writeFileSync(list, 'd/c\nb\n');
    await sync(trees, [`--files-from=${list}`, `--manifest=${manifestOf(trees)}`]);
    expect([...linesOf(trees).keys()].toSorted()).toEqual(['', 'b', 'd', 'd/c']);
  });
});

describe('an impossible manifest', () => {
  test('is refused with --verify=none', async ({ trees }) => {
    for (const none of ['--verify=none', '--no-verify']) {
      const { stderr } = await sync(trees, [none, `--manifest=${manifestOf(trees)}`], { status: 1 });
      expect(stderr).toContain('--manifest lists what was verified, and --verify=none verifies nothing');
    }
  });

  test('that cannot be written is found before anything is done', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    mkdirSync(`${manifestOf(trees)}.sha256`);
    const notAFile = `--manifest=${trees.directory}`;
    const refused = [
      [['--manifest=/none/m'], 'cannot write --manifest=/none/m: No such file or directory'],
      [[notAFile], `cannot write ${notAFile}: Is a directory`],
      [['--digest=sha256', `--manifest=${manifestOf(trees)}`], 'Is a directory'],
    ] as const;
    for (const [args, reason] of refused) {
      expect((await sync(trees, args, { status: 1 })).stderr).toContain(reason);
    }
    expect(readdirSync(trees.destination)).toEqual([]);
    expect(readdirSync(trees.directory)).toHaveLength(3);
  });

  test('leaves the previous one if the run could not begin, and after a dry run', async ({ trees }) => {
    writeFileSync(manifestOf(trees), 'before');
    await sync(trees, ['-n', `--manifest=${manifestOf(trees)}`]);
    await sync({ ...trees, source: '/none' }, [`--manifest=${manifestOf(trees)}`], { status: 3 });
    expect(readFileSync(manifestOf(trees), 'utf8')).toBe('before');
    expect(readdirSync(trees.directory)).toHaveLength(3);
  });
});

test('a run that is interrupted within a file of 1 TiB leaves the previous manifest', async ({
  memoryTrees: trees,
}) => {
  await writeTree(trees.source, { holes: sparse(2 ** 40, []) });
  await sync(trees, ['--no-verify']);
  writeFileSync(manifestOf(trees), 'before');
  await verify(trees, ['--json', '--digest=sha256', `--manifest=${manifestOf(trees)}`], {
    status: 20,
    // Interrupts the run one second into this phase.
    onStart: (child) => {
      let printed = '';
      child.stdout?.on('data', (text) => {
        printed += String(text);
        if (!child.killed && printed.split('"event":"progress"').length > 2) child.kill('SIGTERM');
      });
    },
  });
  expect(readFileSync(manifestOf(trees), 'utf8')).toBe('before');
  expect(readdirSync(trees.directory)).toHaveLength(3);
});

describeWith(['tmpfs mount'], 'a manifest whose disk fills up', () => {
  test('is reported at the end, and the sync is done', async ({ trees }) => {
    const names = Array.from({ length: 2000 }, (_, index) => [`file-${index}`, file('x')] as const);
    await writeTree(trees.source, names);
    const small = join(trees.directory, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]);
    try {
      const { stderr } = await sync(trees, [`--manifest=${small}/m`], { status: 11 });
      expect(stderr).toContain(`cannot write --manifest=${small}/m: No space left on device`);
      expect(stderr).toContain('(exit status 11)');
      expect(readdirSync(small)).toEqual([]);
    } finally {
      execFileSync('umount', [small]);
    }
    expect(readdirSync(trees.destination)).toHaveLength(2000);
  });
});
