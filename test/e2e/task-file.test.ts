/** `efs-sync run` follows task files and the command line that overrides them; `init` writes such a file. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { utf8Bytes } from '../../src/model/display-name.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment, NOBODY } from '../support/run-cli.ts';
import { expectSame, run, snapshot, test, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

/** Writes a task file for these trees, with further keys from `rest`. */
function writeTask(trees: Trees, rest: object = {}, name = 'home.yaml'): string {
  const { source, destination } = trees;
  const path = join(trees.directory, name);
  writeFileSync(path, JSON.stringify({ source, destination, ...rest }));
  return path;
}

async function writeTrees(trees: Trees): Promise<void> {
  await writeTree(trees.source, { f: file('x'), skip: dir({ g: file('y') }) });
  await writeTree(trees.destination, { extraneous: file('z') });
}

test('a task is run from its file, under its name', async ({ trees }) => {
  await writeTrees(trees);
  const { stdout } = await run(['run', writeTask(trees, { delete: true })]);
  expect(stdout).toContain(`home: ${trees.source} -> ${trees.destination}\n`);
  await expectSame(trees);
});

test('the command line overrides the file, and its filter rules come first', async ({ trees }) => {
  await writeTrees(trees);
  const task = writeTask(trees, { delete: true, exclude: '*' });
  await run(['run', task, '--no-delete', '--include=f']);
  expect([...(await readTree(trees.destination)).keys()].toSorted()).toEqual(['', 'extraneous', 'f']);
});

test('several tasks run in turn, and the first failure decides the status', async ({ trees }) => {
  await writeTrees(trees);
  const bad = writeTask(trees, { source: join(trees.directory, 'none') }, 'a.yaml');
  writeTask(trees, { delete: true }, 'b.yaml');
  const { stderr } = await run(['run', join(trees.directory, '[ab].yaml'), '--json'], { status: 3 });
  expect(stderr).toContain(`cannot use source ${join(trees.directory, 'none')}`);
  expect(bad).toBeTruthy();
  await expectSame(trees);
});

test('many tasks print no warning of Node', async ({ trees }) => {
  const tasks = Array.from({ length: 12 }, (_, index) => writeTask(trees, {}, `t${index}.yaml`));
  const { output } = await run(['run', '-q', ...tasks]);
  expect(output).toBe('');
});

test('JSON events name their task', async ({ trees }) => {
  const { stdout } = await run(['run', writeTask(trees, { name: 'nightly', json: true })]);
  const [start] = stdout.split('\n').map((line) => JSON.parse(line || 'null') as { task: string });
  expect(start?.task).toBe('nightly');
});

describe('nothing is touched if one of several files', () => {
  test.for([
    ['has a mistake', { retries: 'many' }, /b\.yaml:1:\d+: 'retries': it takes a whole number/],
    ['contradicts itself', { checksum: true, 'size-only': true }, /--checksum .* --size-only/],
    ['names a list that is not there', { 'exclude-from': '/none' }, /cannot read --exclude-from=\/none/],
  ] as const)('%s', async ([, rest, message], { trees }) => {
    await writeTrees(trees);
    const before = await snapshot(trees.destination);
    const files = [writeTask(trees, {}, 'a.yaml'), writeTask(trees, rest, 'b.yaml')];
    const { stderr } = await run(['run', ...files], { status: 1 });
    expect(stderr).toMatch(message);
    expect(await snapshot(trees.destination)).toEqual(before);
  });
});

describe('hooks', () => {
  test('learn what the task is and how it ended', async ({ trees }) => {
    await writeTrees(trees);
    const said = join(trees.directory, 'said');
    const hooks = {
      before: `echo "before $EFS_SYNC_TASK $EFS_SYNC_SOURCE" > ${said}`,
      after: `echo "after $EFS_SYNC_RESULT $EFS_SYNC_EXIT_STATUS $EFS_SYNC_FILES_TRANSFERRED" >> ${said}; echo done`,
    };
    const { stdout, stderr } = await run(['run', '-q', writeTask(trees, { hooks })]);
    expect(readFileSync(said, 'utf8')).toBe(`before home ${trees.source}\nafter Success 0 2\n`);
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'done\n' });
  });

  test('before: a failure prevents the sync', async ({ trees }) => {
    await writeTrees(trees);
    const before = await snapshot(trees.destination);
    const hooks = { before: 'exit 7', after: `touch ${join(trees.destination, 'after')}` };
    const { stderr } = await run(['run', writeTask(trees, { hooks })], { status: 3 });
    expect(stderr).toBe("efs-sync: the hook 'before' failed (exit status 7): nothing is synced\n");
    expect(await snapshot(trees.destination)).toEqual(before);
  });

  test('after: a failure fails a successful run, and the hook runs after a failed one', async ({ trees }) => {
    await writeTrees(trees);
    await run(['run', writeTask(trees, { hooks: { after: 'exit 1' } })], { status: 11 });
    const hooks = { after: 'echo "$EFS_SYNC_RESULT $EFS_SYNC_EXIT_STATUS"; exit 1' };
    const failing = writeTask(trees, { hooks, source: '/none' });
    const { stderr } = await run(['run', failing], { status: 3 });
    expect(stderr).toContain('Error 3\n');
  });
});

test('--print-config prints each value and its origin, and does nothing', async ({ trees }) => {
  await writeTrees(trees);
  const before = await snapshot(trees.destination);
  const path = join(trees.directory, 'home.yaml');
  writeFileSync(
    path,
    `source: ${trees.source}\ndestination: ${trees.destination}\ndelete: true\nretries: 5\n`,
  );
  const { stdout } = await run(['run', path, '--print-config', '--no-delete', '--exclude=*.tmp']);
  const lines = stdout.split('\n').map((line) => line.replace(/ +#/, ' #'));
  expect(lines).toEqual(
    expect.arrayContaining([
      'name: home # name of the file',
      `source: ${trees.source} # ${path}:1`,
      'delete: false # command line',
      `retries: 5 # ${path}:4`,
      '#verify: full # default',
      '  - exclude: "*.tmp" # command line',
    ]),
  );
  expect(await snapshot(trees.destination)).toEqual(before);
});

test('init writes a task that does the same as the given options', async ({ trees }) => {
  await writeTrees(trees);
  const path = join(trees.directory, 'made.yaml');
  const { source, destination } = trees;
  await run(['init', '--delete', '--exclude=skip/', '--max-delete=50%', path, source, destination]);
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(/^delete: true +# delete files that exist only at the destination$/m);
  expect(text).toMatch(/^#verify: full +# what to compare afterwards: full/m);
  await run(['run', path], { status: 25 });
  await run(['run', path, '--max-delete=1']);
  expect([...(await readTree(destination)).keys()].toSorted()).toEqual(['', 'f']);
  const { stderr } = await run(['init', path, source, destination], { status: 1 });
  expect(stderr).toContain(`cannot write ${path}: File exists`);
});

test.for([
  'a\nb',
  '\ndelete: true',
  '---',
  '...',
  '\ufeff',
  'a # b',
  'a: b',
  ' a ',
  'null',
  '1e3',
  'a\u0085b',
  'caf\u00e9',
])('init and --print-config write %j so that run reads it', async (name, { trees }) => {
  await writeTree(trees.source, { [utf8Bytes(name)]: file('x'), f: file('y') });
  const [made, printed] = [join(trees.directory, 'made.yaml'), join(trees.directory, 'printed.yaml')];
  await run(['init', `--exclude=/${name}`, `--exclude=${name}`, made, trees.source, trees.destination]);
  const { stdout } = await run(['run', made, '--print-config']);
  writeFileSync(printed, stdout);
  for (const task of [made, printed]) {
    await run(['run', task]);
    expect([...(await readTree(trees.destination)).keys()]).toEqual(['', 'f']);
  }
});

test('a name that is not UTF-8 is refused, as a task file cannot hold it', async ({ trees }) => {
  const path = join(trees.directory, 'made.yaml');
  const command = `exec "$0" "$1" "$2" "--exclude=$(printf 'caf\\351')" "$3" S D`;
  for (const args of [
    ['init', path],
    ['verify', '--print-config'],
  ]) {
    const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, CLI, ...args], {
      env: cleanEnvironment(),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining("the value of 'exclude' is not: caf\\#351") as string,
    });
  }
  expect(existsSync(path)).toBe(false);
});

test('--print-config keeps hooks, and requests no more than the task', async ({ trees }) => {
  await writeTrees(trees);
  const said = join(trees.directory, 'said');
  const { stdout } = await run([
    'run',
    writeTask(trees, { hooks: { before: `echo x > ${said}` } }),
    '--print-config',
  ]);
  const printed = join(trees.directory, 'printed.yaml');
  writeFileSync(printed, stdout);
  await run(['run', printed]);
  expect(readFileSync(said, 'utf8')).toBe('x\n');
});

describeWith(['another user'], 'not root', () => {
  test('owners that cannot be set do not fail the printed task either', async ({ trees }) => {
    await writeTree(trees.source, { f: file('x', { uid: 1 }) });
    chownSync(trees.destination, NOBODY, NOBODY);
    const { stdout } = await run(['run', writeTask(trees), '--print-config'], { asNobody: true });
    const printed = join(trees.directory, 'printed.yaml');
    writeFileSync(printed, stdout);
    await run(['run', printed], { asNobody: true });
  });
});
