/** Files that a run itself writes are left out, wherever they lie in the trees and under any name. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { reportIn } from '../support/json-report.ts';
import { run, sync, test, verify, type Trees } from '../support/scenario.ts';
import { onceWriting, writeManyFiles } from '../support/slow-sync.ts';
import { dir, file } from '../support/tree.ts';

type Side = 'source' | 'destination';

/** Lists paths with find(1), which knows nothing of efs-sync. */
function pathsIn(root: string): string[] {
  const printed = execFileSync('find', [root, '-mindepth', '1', '-printf', '%P\n'], { encoding: 'utf8' });
  return printed.split('\n').filter(Boolean).toSorted();
}

/** Options for every file that a run writes, all inside a directory of the tree. */
function outputsIn(directory: string): string[] {
  return [
    `--log-file=${directory}/run.log`,
    `--emf=${directory}/run.emf`,
    `--report=${directory}/run.html`,
    `--metrics=${directory}/run.prom`,
    '--digest=sha256',
    `--manifest=${directory}/run.manifest`,
    `--limits-file=${directory}/limits`,
    `--state-dir=${directory}/state`,
  ];
}

const OUTPUTS = [
  'run.emf',
  'run.html',
  'run.log',
  'run.manifest',
  'run.manifest.sha256',
  'run.prom',
  'state',
];
const ALL = [...OUTPUTS, 'state/history', 'state/locks'];

async function writeOneFile({ source }: Trees): Promise<void> {
  await writeTree(source, { d: dir({ f: file('content') }) });
}

describe.each<Side>(['source', 'destination'])('all outputs in a directory of the %s', (side) => {
  const other = side === 'source' ? 'destination' : 'source';

  test('are not copied, deleted or reported as a difference', async ({ trees }) => {
    await writeOneFile(trees);
    const at = join(trees[side], 'd');
    mkdirSync(at, { recursive: true });
    for (let time = 0; time < 3; time++) {
      await sync(trees, ['--delete', ...outputsIn(at)]);
      expect(pathsIn(trees[other])).toEqual(['d', 'd/f']);
      const names = readdirSync(at);
      expect(names.toSorted()).toEqual(['f', ...OUTPUTS]);
    }
    expect(readFileSync(join(at, 'run.log'), 'utf8')).toMatch(/Success/);
    await verify(trees, ['--delete', ...outputsIn(at)]);
    const dry = await sync(trees, ['-n', '--delete', ...outputsIn(at)]);
    expect(dry.stdout).toContain('nothing to transfer');
    expect(dry.stdout).not.toContain('deleting');
  });

  test('are reported', async ({ trees }) => {
    await writeOneFile(trees);
    const at = join(trees[side], 'd');
    mkdirSync(at, { recursive: true });
    const { stdout } = await sync(trees, outputsIn(at));
    expect(stdout).toMatch(
      new RegExp(`skipped because this run uses them: .*d/run\\.log in the ${side} \\(--log-file\\)`),
    );
    expect(stdout).toContain(`d/state in the ${side} (--state-dir)`);
    const json = await sync(trees, ['--json', ...outputsIn(at)]);
    expect(reportIn(json.stdout).notes).toEqual(
      expect.arrayContaining([expect.stringContaining('d/run.log')]),
    );
  });

  test('keep an extraneous directory from going', async ({ trees }) => {
    await writeOneFile(trees);
    const at = join(trees[side], 'own/deep');
    await writeTree(trees[side], { own: dir({ deep: dir({ extraneous: file('x') }) }) });
    await sync(trees, ['--delete', ...outputsIn(at)]);
    const left = side === 'source' ? ['extraneous', ...OUTPUTS] : OUTPUTS;
    expect(readdirSync(at).toSorted()).toEqual(left);
    await verify(trees, ['--delete', ...outputsIn(at)]);
    const { stdout } = await sync(trees, ['-n', '--delete', ...outputsIn(at)]);
    expect(stdout).not.toContain('deleting');
  });

  test('are excluded even if a list names them', async ({ trees }) => {
    await writeOneFile(trees);
    const list = ['d/f', ...ALL.map((name) => `d/${name}`)].join('\n');
    const at = join(trees[side], 'd');
    mkdirSync(at, { recursive: true });
    const args = ['--files-from=-', ...outputsIn(at)];
    for (let time = 0; time < 2; time++) await sync(trees, args, { input: list });
    await verify(trees, args, { input: list });
    expect(pathsIn(trees[other])).toEqual(['d', 'd/f']);
  });
});

describe('a log', () => {
  test('is recognised by its inode under another name', async ({ trees }) => {
    await writeTree(trees.destination, { logs: dir({ 'run.log': file('before\n') }) });
    await writeOneFile(trees);
    linkSync(join(trees.destination, 'logs/run.log'), join(trees.destination, 'other-name'));
    await sync(trees, ['--delete', `--log-file=${trees.destination}/logs/run.log`]);
    expect(pathsIn(trees.destination)).toEqual(['d', 'd/f', 'logs', 'logs/run.log', 'other-name']);
  });

  test('is recognised through a link to its directory, and through a link as its name', async ({ trees }) => {
    await writeOneFile(trees);
    await writeTree(trees.destination, { logs: dir({ real: file('') }) });
    symlinkSync('destination/logs', join(trees.directory, 'way'));
    symlinkSync('real', join(trees.destination, 'logs/name'));
    await sync(trees, ['--delete', `--log-file=${trees.directory}/way/name`]);
    expect(pathsIn(trees.destination)).toEqual(['d', 'd/f', 'logs', 'logs/name', 'logs/real']);
  });

  test('is excluded with its rotated predecessors, but no other name is', async ({ trees }) => {
    const log = join(trees.destination, 'run.log');
    await writeOneFile(trees);
    for (const end of ['', '.1', '.2.gz', '-20260131', '-20260131.zst', '.old', 's.1', '.1.txt'])
      writeFileSync(log + end, 'old\n');
    await sync(trees, ['--delete', `--log-file=${log}`]);
    const left = pathsIn(trees.destination).filter((path) => path.startsWith('run'));
    expect(left).toEqual([
      'run.log',
      'run.log-20260131',
      'run.log-20260131.zst',
      'run.log.1',
      'run.log.2.gz',
    ]);
  });

  test('may be renamed during the run', async ({ trees }) => {
    await writeManyFiles(trees);
    const log = join(trees.source, 'run.log');
    await sync(trees, ['--opslimit=300', `--log-file=${log}`], {
      onStart: onceWriting(trees, (child) => {
        renameSync(log, `${log}.1`);
        child.kill('SIGHUP');
      }),
    });
    expect(pathsIn(trees.destination).filter((path) => path.includes('run.log'))).toEqual([]);
    expect(existsSync(`${log}.1`)).toBe(true);
  });

  test('that receives standard output is excluded, too', async ({ trees }) => {
    await writeOneFile(trees);
    const command = `"$0" "$1" -v --delete "$2" "$3" > "$3/cron.out" 2> "$2/cron.err"`;
    const { CLI, cleanEnvironment } = await import('../support/run-cli.ts');
    execFileSync('sh', ['-c', command, process.execPath, CLI, trees.source, trees.destination], {
      env: cleanEnvironment(),
    });
    expect(pathsIn(trees.destination)).toEqual(['cron.out', 'd', 'd/f']);
  });
});

describe('a state directory', () => {
  test('with other content is synced, except for files of runs', async ({ trees }) => {
    await writeTree(trees.source, { home: dir({ f: file('x') }, { mode: 0o700 }) });
    for (let time = 0; time < 2; time++) await sync(trees, [`--state-dir=${trees.source}/home`]);
    expect(pathsIn(trees.destination)).toEqual(['home', 'home/f']);
  });

  test('that is the source itself is synced, except for files of runs', async ({ trees }) => {
    await writeTree(trees.source, { f: file('x') });
    execFileSync('chmod', ['700', trees.source]);
    for (let time = 0; time < 2; time++) await sync(trees, [`--state-dir=${trees.source}`]);
    expect(pathsIn(trees.destination)).toEqual(['f']);
  });

  test('of the destination is not overwritten by that of the source', async ({ trees }) => {
    await writeTree(trees.source, { state: dir({ history: dir({ foreign: file('x') }), f: file('x') }) });
    await sync(trees, [`--state-dir=${trees.destination}/state`]);
    expect(pathsIn(trees.destination)).not.toContain('state/f');
  });

  test('that a task file names is excluded', async ({ trees }) => {
    await writeOneFile(trees);
    const task = join(trees.directory, 'task.yaml');
    const lines = [`source: ${trees.source}`, `destination: ${trees.destination}`, 'delete: true'];
    const own = [`log-file: ${trees.destination}/logs/run.log`, `report: ${trees.destination}/logs/run.json`];
    mkdirSync(join(trees.destination, 'logs'));
    writeFileSync(task, [...lines, ...own, ''].join('\n'));
    for (let time = 0; time < 2; time++) await run(['run', task]);
    expect(pathsIn(trees.destination)).toEqual(['d', 'd/f', 'logs', 'logs/run.json', 'logs/run.log']);
  });
});

describeWith(['root'], 'behind a bind mount', () => {
  test.for<Side>(['source', 'destination'])('outputs are excluded: %s', async (side, { trees }) => {
    await writeOneFile(trees);
    const elsewhere = join(trees.directory, 'elsewhere');
    const point = join(trees[side], 'mounted');
    mkdirSync(elsewhere);
    for (const root of [trees.source, trees.destination]) mkdirSync(join(root, 'mounted'));
    execFileSync('mount', ['--bind', elsewhere, point]);
    try {
      for (let time = 0; time < 2; time++) await sync(trees, ['--delete', ...outputsIn(elsewhere)]);
      const copied =
        side === 'source'
          ? ['d', 'd/f', 'mounted']
          : ['d', 'd/f', 'mounted', ...ALL.map((n) => `mounted/${n}`)];
      const found = pathsIn(trees.destination).filter(
        (path) => !/^mounted\/state\/(?:locks|history)\//.test(path),
      );
      expect(found).toEqual(copied.toSorted());
    } finally {
      execFileSync('umount', [point]);
    }
  });
});
