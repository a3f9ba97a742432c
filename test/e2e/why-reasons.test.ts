/** `efs-sync why` says by which rule, comparison or option something is done, and writes nothing. */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { run, test, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';
import { explain, printed, why, writeTrees } from '../support/why.ts';

describe('it names the rule', () => {
  test('of a file by its line, of an option as it would be typed', async ({ trees }) => {
    await writeTrees(trees);
    const rules = join(trees.directory, 'rules');
    writeFileSync(rules, '# of logs\n\n- *.log\n+ /only/d.c\n');
    const args = [`--exclude-from=${rules}`, '--filter=-s b.o', '--exclude=/logs/', '--include=new'];
    const told = await printed(trees, ['a.log', 'b.o', 'logs/deep/g', 'new', 'only/d.c'], args);
    expect(told).toEqual([
      `left out\n  ${rules}:3 "- *.log" leaves it out\n  without --delete, what the destination has stays`,
      'left out\n  --filter="-s b.o" leaves it out',
      'left out\n  logs: --exclude=/logs/ leaves it out\n  logs: without --delete, what the destination has stays',
      'would be copied\n  --include=new includes it\n  the destination does not have it',
      `would be copied\n  ${rules}:4 "+ /only/d.c" includes it\n  the destination does not have it`,
    ]);
  });

  test('of a file in the tree, which may protect as well', async ({ trees }) => {
    await writeTrees(trees);
    await writeTree(trees.destination, {
      both: dir({ '.rsync-filter': file('- *.o\n'), 'e.o': file('e'), 'x.o': file('x') }),
    });
    const told = await printed(trees, ['both/e.o', 'both/f', 'both/x.o'], ['-F', '--delete']);
    expect(told).toEqual([
      'left out\n  both/.rsync-filter:1 (in the source) "- *.o" leaves it out\n' +
        '  both/.rsync-filter:1 (in the destination) "- *.o" protects it from deletion',
      'would be copied\n  both/.rsync-filter:2 (in the source) "+ f" includes it\n  the destination does not have it',
      'only the destination has it, where it stays\n  the source does not have it\n' +
        '  both/.rsync-filter:1 (in the destination) "- *.o" protects it from deletion',
    ]);
  });

  test('of CVS', async ({ trees }) => {
    await writeTrees(trees);
    const [told] = await printed(trees, ['b.o'], ['-C']);
    expect(told).toBe('left out\n  --cvs-exclude "-p *.o" leaves it out');
  });
});

test('it names the comparison', async ({ trees }) => {
  await writeTrees(trees);
  const told = await printed(trees, ['size', 'time', 'mode', 'kind', 'link', 'same', 'only'], []);
  expect(told).toEqual([
    'would be copied again\n  size: 6 bytes, at the destination 5',
    expect.stringMatching(
      /^would be copied again\n {2}modified: 2017-07-14 .*, at the destination 2001-09-09 /,
    ),
    'its metadata would be set\n  mode: 600, at the destination 644',
    'would be copied again\n  a file, at the destination a symbolic link',
    'would be copied again\n  the targets of the links differ',
    'nothing to do\n  the destination has it with the same size and modification time',
    'would be made\n  the destination does not have it\n  what is in it is decided path by path',
  ]);
});

test.for<readonly [path: string, args: readonly string[], decision: string, reason: string]>([
  ['older', ['--update'], 'left out', '--update: the destination has a newer one'],
  ['new', ['--existing'], 'left out', '--existing: the destination does not have it'],
  ['size', ['--ignore-existing'], 'left out', '--ignore-existing: the destination has it'],
  ['size', ['--max-size=5'], 'left out', '--max-size: it is larger'],
  ['b.o', ['--min-size=5'], 'left out', '--min-size: it is smaller'],
  ['link-new', ['--safe-links'], 'left out', '--safe-links: the link leads out of the source'],
  ['void/void', ['-m'], 'left out', 'void: --prune-empty-dirs: it holds nothing but directories, or nothing'],
  ['logs', ['--exclude-if-present=deep'], 'left out', '--exclude-if-present: it holds deep in the source'],
  [
    'time',
    ['--size-only'],
    'its metadata would be set',
    '--size-only: the times differ, which does not count',
  ],
  ['same', ['-I'], 'would be copied again', '--ignore-times: each file is copied'],
  ['same', ['-c'], 'nothing to do', 'the destination has it with the same content (--checksum)'],
  ['only/c.o', ['--existing'], 'left out', 'only: --existing: the destination does not have it'],
])('%s with %j: %s', async ([path, args, decision, reason], { trees }) => {
  await writeTrees(trees);
  const [told = ''] = await printed(trees, [path], args);
  expect(told.split('\n')[0]).toBe(decision);
  expect(told.split('\n').map((line) => line.trim())).toContain(reason);
});

describe('a path', () => {
  test('may be absolute on either side, have a slash at its end, and be the root', async ({ trees }) => {
    await writeTrees(trees);
    const { source, destination } = trees;
    const paths = [`${source}/both/`, `${destination}/extra`, './both//f', '.', source, 'both/../same'];
    const told = await explain(trees, paths);
    expect(told.map(({ path }) => path)).toEqual(['both', 'extra', 'both/f', '', '', 'same']);
  });

  test.for([
    ['../x', 'leads out of the source with ".."'],
    ['/etc/passwd', 'lies in neither the source nor the destination'],
    ['', 'is empty'],
  ])('%j is refused', async ([path = '', reason = ''], { trees }) => {
    const { stderr } = await why(trees, [path], [], { status: 1 });
    expect(stderr).toContain(reason);
  });

  test('that neither side has is told, and the status says so', async ({ trees }) => {
    await writeTrees(trees);
    const { stdout } = await why(trees, ['nothing', 'link/x', 'logs/none'], ['--exclude=/logs'], {
      status: 23,
    });
    expect(stdout).toBe(
      'nothing: neither the source nor the destination has it\n\n' +
        'link/x: neither the source nor the destination has it\n' +
        '  link: it is a symbolic link in the source, and links are not followed\n\n' +
        'logs/none: neither the source nor the destination has it\n  logs: --exclude=/logs leaves it out\n' +
        '  logs: without --delete, what the destination has stays\n',
    );
  });

  test('has any bytes', async ({ trees }) => {
    await writeTree(trees.source, [
      ['a\nb', file('x')],
      ['\xff', file('y')],
    ]);
    const words = [process.execPath, CLI, 'why', '--exclude=?', 'a\nb'];
    // Node cannot hand over bytes that are not UTF-8.
    const script = `exec "$@" $'\\xff' ${trees.source} ${trees.destination}`;
    const { status, stdout } = spawnSync('bash', ['-c', script, 'bash', ...words], {
      encoding: 'utf8',
      env: cleanEnvironment(),
    });
    expect(stdout).toBe(
      'a\\#012b: would be copied\n  the destination does not have it\n\n\\#377: left out\n  --exclude=? leaves it out\n',
    );
    expect(status).toBe(0);
  });

  test('with that of a root before it is told what is meant', async ({ trees }) => {
    await writeTrees(trees);
    const { stdout } = await run(['why', 'source/both/f', 'source', 'destination'], {
      cwd: trees.directory,
      status: 23,
    });
    expect(stdout).toContain('  paths are relative to the source: perhaps both/f is meant\n');
  });

  test('of a source that is one file is that file', async ({ trees }) => {
    await writeTrees(trees);
    const args = ['why', '.', 'time', join(trees.source, 'size'), `${trees.destination}/`];
    const { stdout } = await run(args);
    expect(stdout).toBe(
      'size: would be copied again\n  size: 6 bytes, at the destination 5\n\n' +
        'time: left out\n  the source is one file, and nothing else takes part\n',
    );
  });
});

/** Without access times: whoever reads sets them. */
async function statesOf({ source, destination }: Trees): Promise<unknown[]> {
  const trees = [await readTree(source), await readTree(destination)];
  return trees.flatMap((tree) =>
    [...tree.values()].map((entry) => Object.entries(entry).filter(([key]) => key !== 'atimeNs')),
  );
}

test('nothing is written on either side, and no run is recorded', async ({ trees }) => {
  await writeTrees(trees);
  const before = await statesOf(trees);
  const state = join(trees.directory, 'state');
  await explain(trees, ['size', 'extra', 'gone/j', 'both'], ['--delete', `--state-dir=${state}`]);
  expect(await statesOf(trees)).toEqual(before);
  expect(readdirSync(trees.directory).toSorted()).toEqual(['destination', 'source']);
});

test('a task file gives both sides and its options', async ({ trees }) => {
  await writeTrees(trees);
  const task = join(trees.directory, 'task.yaml');
  writeFileSync(
    task,
    `source: source\ndestination: destination\ndelete: true\nfilters:\n  - exclude: "*.log"\n`,
  );
  const { stdout } = await run(['why', 'a.log', 'extra', task, '--max-delete=7']);
  expect(stdout).toBe(
    'a.log: left out\n  --exclude=*.log leaves it out\n  --exclude=*.log protects it from deletion\n\n' +
      'extra: would be deleted from the destination\n  the source does not have it\n  with --delete it goes\n' +
      '  --max-delete: if the run would delete more than 7, it deletes nothing\n',
  );
});

test('too few operands are refused with what to give', async ({ trees }) => {
  const { stderr } = await run(['why', trees.source, trees.destination], { status: 1 });
  expect(stderr).toContain('why takes at least one path, and after it a source and a destination');
});
