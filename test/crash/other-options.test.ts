/**
 * After a run that ended in the middle of a file, no later run takes that file for complete, whatever its
 * options. Options that skip existing, newer or same-sized files would otherwise skip it in every later run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { rsync } from '../support/rsync.ts';
import { describeWith } from '../support/requirements.ts';
import { runCli } from '../support/run-cli.ts';
import { expectSame, sync, test, verify, type Trees } from '../support/scenario.ts';
import { runWithHungWrite, type HungRun } from './hung-write.ts';

const HALF_FILES = fileURLToPath(new URL('half_files.py', import.meta.url));
const MIB = 1024 * 1024;
const OTHER_OPTIONS = [
  ['--ignore-existing'],
  ['--size-only'],
  ['--ignore-times'],
  ['--existing'],
  ['--exclude=other'],
  ['--update', '--delete'],
];

function halfFiles({ source, destination }: Trees): string[] {
  const { stdout } = spawnSync('python3', ['-B', HALF_FILES, source, destination], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}

function writeFiles(root: string, paths: readonly string[], sizeBytes: number): void {
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), randomBytes(sizeBytes));
    execFileSync('touch', ['-d', '2024-01-01', join(root, path)]);
  }
}

/** Each run starts with the leftovers of the run that was cut short. */
async function expectNoneBlessed(trees: Trees): Promise<void> {
  const left = join(trees.directory, 'left');
  execFileSync('cp', ['-a', trees.destination, left]);
  expect(halfFiles(trees)).toEqual([]);
  for (const options of OTHER_OPTIONS) {
    execFileSync('sh', ['-c', 'rm -rf "$2" && cp -a "$1" "$2"', 'sh', left, trees.destination]);
    const { status, output } = await runCli([trees.source, trees.destination, ...options]);
    expect([options, status], output).toEqual([options, 0]);
    expect([options, halfFiles(trees)]).toEqual([options, []]);
  }
  await sync(trees);
  await expectSame(trees);
  expect(rsync(trees.source, trees.destination, ['-ani', '--delete', '--checksum'])).toBe('');
}

interface Place {
  readonly where: string;
  readonly paths: readonly string[];
  /** A directory to create before the run. */
  readonly directory?: string;
}

/** A new leaf directory, a new directory with a subdirectory, and an existing directory. */
const PLACES: readonly Place[] = [
  { where: 'a new directory', paths: ['new/db', 'new/small'] },
  { where: 'a new directory that holds another', paths: ['new/db', 'new/below/small'] },
  { where: 'a directory that was there', paths: ['old/db', 'old/small'], directory: 'old' },
];

interface End {
  readonly how: string;
  readonly run: HungRun;
  readonly status: number | null;
  readonly place: Place;
}

const [LEAF, INNER, OLD] = PLACES as [Place, Place, Place];
const ENDS: readonly End[] = [
  { how: 'killed', run: { args: [] }, status: null, place: LEAF },
  { how: 'killed', run: { args: [] }, status: null, place: INNER },
  { how: 'killed', run: { args: ['--size-only'] }, status: null, place: OLD },
  { how: 'ended by --timeout', run: { args: ['--timeout=4'], whileHung: 'wait' }, status: 30, place: LEAF },
];

describeWith(['latfs', 'root', 'rsync'], 'a run that ends in the middle of a file', () => {
  test.for(ENDS)('$how, in $place.where', { timeout: 300_000 }, async (end, { trees }) => {
    const { run, status, place } = end;
    writeFiles(trees.source, place.paths, 4 * MIB);
    if (place.directory !== undefined) mkdirSync(join(trees.destination, place.directory));
    const ended = await runWithHungWrite(trees, run);
    expect(ended.status, ended.output).toBe(status);
    await expectNoneBlessed(trees);
  });

  test('marks a file that it rewrote in place as unfinished', { timeout: 300_000 }, async ({ trees }) => {
    writeFiles(trees.source, ['d/db'], 4 * MIB);
    writeFiles(trees.destination, ['d/db'], 4 * MIB);
    execFileSync('touch', ['-d', '2023-01-01', join(trees.destination, 'd/db')]);
    await runWithHungWrite(trees, { args: ['--inplace'] });
    expect(halfFiles(trees)).toEqual(['d/db']);
    const left = join(trees.directory, 'left');
    execFileSync('cp', ['-a', trees.destination, left]);
    const list = join(trees.directory, 'list');
    writeFileSync(list, 'd/db\n');
    for (const options of [
      ['--ignore-existing'],
      ['--update', '--inplace'],
      ['-u', '--size-only', `--files-from=${list}`],
    ]) {
      execFileSync('sh', ['-c', 'rm -rf "$2" && cp -a "$1" "$2"', 'sh', left, trees.destination]);
      const { output } = await verify(trees, options, { status: 40 });
      expect(output).toContain('content mismatch: d/db: ');
      await sync(trees, options);
      expect([options, halfFiles(trees)]).toEqual([options, []]);
    }
    await sync(trees);
    await expectSame(trees);
  });

  test(
    'gives that file its permissions back if modes are not preserved',
    { timeout: 300_000 },
    async ({ trees }) => {
      const path = join(trees.destination, 'd/db');
      const mode = (): string => execFileSync('stat', ['-c', '%a', path], { encoding: 'utf8' });
      writeFiles(trees.source, ['d/db'], 4 * MIB);
      writeFiles(trees.destination, ['d/db'], 4 * MIB);
      execFileSync('sh', ['-c', 'touch -d 2023-01-01 "$1" && chmod 640 "$1"', 'sh', path]);
      await runWithHungWrite(trees, { args: ['--inplace', '--preserve=mtime'] });
      expect(mode()).toBe('1640\n');
      await sync(trees, ['--preserve=mtime']);
      expect([mode(), halfFiles(trees)]).toEqual(['640\n', []]);
    },
  );

  test('continues if a directory has taken the name meanwhile', { timeout: 300_000 }, async ({ trees }) => {
    writeFiles(trees.source, ['new/db', 'new/small'], 4 * MIB);
    const { status, output } = await runWithHungWrite(trees, {
      args: [],
      whileHung: () => {
        mkdirSync(join(trees.destination, 'new'));
        writeFileSync(join(trees.destination, 'new/foreign'), 'stays');
      },
    });
    expect(status, output).toBe(0);
    expect(readdirSync(trees.destination)).toEqual(['new']);
    expect(readFileSync(join(trees.destination, 'new/foreign'), 'utf8')).toBe('stays');
    rmSync(join(trees.destination, 'new/foreign'));
    await sync(trees);
    await expectSame(trees);
  });
});
