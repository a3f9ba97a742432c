/** Bad input gets one clear line and its exit status, and nothing is written. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { expectSame, giveToNobody, run, snapshot, test } from '../support/scenario.ts';
import type { SyncOptions, Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

async function expectRefused(
  trees: Trees,
  args: readonly string[],
  expected: SyncOptions & { says: RegExp },
): Promise<void> {
  const before = await snapshot(trees.directory);
  const { stdout, stderr } = await run(args, expected);
  expect(stdout).toBe('');
  expect(stderr).toMatch(expected.says);
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(expected.status === 1 ? 2 : 1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(await snapshot(trees.directory)).toEqual(before);
}

test('roots that cannot be used', async ({ trees }) => {
  await writeTree(trees.directory, { f: file('x'), source: dir({ a: file('x'), sub: dir() }) });
  const { directory, source, destination } = trees;
  const cases: [string[], RegExp][] = [
    [[`${directory}/nowhere`, destination], /nowhere.*No such file/i],
    [[`${directory}/f/`, destination], /f\/.*not a directory/i],
    [[source, `${directory}/f`], /f.*not a directory/i],
    [[source, `${directory}/nowhere/new`], /nowhere\/new.*No such file/i],
    [[source, `${source}/new`], /inside the source/],
    [[`${directory}/f/x`, destination], /f\/x.*not a directory/i],
  ];
  for (const [args, says] of cases) await expectRefused(trees, args, { status: 3, says });
});

test('roots that overlap, by path or by symbolic link', async ({ trees }) => {
  await writeTree(trees.directory, { source: dir({ a: file('x'), sub: dir() }), link: symlink('source') });
  const { directory, source } = trees;
  const cases: [string[], RegExp][] = [
    [[source, source], /same/],
    [[source, `${source}/.`], /same/],
    [[source, `${directory}/destination/../source`], /same/],
    [[source, `${directory}/link`], /same/],
    [[`${directory}/link`, source], /same/],
    [[source, `${source}/sub`], /inside/],
    [[`${source}/sub`, source], /inside/],
    [[`${directory}/link/sub`, source], /inside/],
  ];
  for (const [args, says] of cases) await expectRefused(trees, args, { status: 3, says });
});

test('unknown options, values and combinations', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const { source, destination } = trees;
  const cases: [string[], RegExp][] = [
    [[source], /destination/],
    [[], /source|usage/i],
    [[source, destination, 'third'], /third|many|arguments/],
    [[source, destination, '--no-such-option'], /--no-such-option/],
    [[source, destination, '--preserve=owner,colour'], /colour/],
    [[source, destination, '--verify=maybe'], /maybe/],
    [[source, destination, '--digest=md5'], /md5/],
    [[source, destination, '--concurrency=0'], /concurrency/],
    [[source, destination, '--concurrency=many'], /many/],
    [[source, destination, '--retries=-1'], /retries/],
    [[source, destination, '--max-size=big'], /big/],
    [[source, destination, '--max-delete=lots'], /lots/],
    [[source, destination, '--bwlimit=fast'], /fast/],
    [[source, destination, '--opslimit=many'], /many/],
    [[source, destination, '--opslimit=-1'], /opslimit/],
    [[source, destination, '--limits-file=/dev/null'], /\/dev\/null: Not a regular file/],
    [[source, destination, '--timeout=soon'], /soon/],
    [[source, destination, '--chown=no-such-user-here'], /no-such-user-here/],
    [[source, destination, '--exclude-from=/no/such/file'], /\/no\/such\/file/],
    [[source, destination, '--include-from=/no/such/file'], /\/no\/such\/file/],
    [[source, destination, '--files-from=/no/such/file'], /\/no\/such\/file/],
  ];
  for (const [args, says] of cases) await expectRefused(trees, args, { status: 1, says });
});

test('--require-mount refuses a root that is not a mount point', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const args = [trees.source, trees.destination, '--require-mount'];
  await expectRefused(trees, args, { status: 3, says: /mount/ });
});

describeWith(['another user'], 'roots closed to the user', () => {
  test('an unreadable source, an unwritable destination', async ({ trees }) => {
    await writeTree(trees.directory, {
      closed: dir({ a: file('x') }, { mode: 0 }),
      readOnly: dir({}, { mode: 0o555 }),
      source: dir({ a: file('x') }),
    });
    giveToNobody(trees);
    const { directory, destination } = trees;
    await expectRefused(trees, [`${directory}/closed`, destination], {
      status: 3,
      asNobody: true,
      says: /closed.*permission denied/i,
    });
  });
});

test('a deleted working directory cannot be a root, and patterns there match nothing', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const script = 'mkdir "$2" && cd "$2" && rmdir "$2" && shift 2 && exec "$0" "$CLI" "$@"';
  const start = (...args: string[]) => {
    const all = ['-c', script, process.execPath, '-', join(trees.directory, 'gone'), ...args];
    return spawnSync('sh', all, { env: { ...cleanEnvironment(), CLI }, encoding: 'utf8' });
  };
  const gone = start('.', trees.destination, '--delete');
  expect(gone.stderr).toMatch(/cannot use \.: the working directory has been deleted/);
  expect(gone.status).toBe(3);
  const pattern = start(trees.source, trees.destination, '--exclude-from=*');
  expect(pattern.stderr).toMatch(/^efs-sync: cannot use \*: the working directory has been deleted/);
  expect(pattern.status).toBe(3);
});

test('if standard output fills up, the list is lost and the sync goes on', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const roots = [trees.source, trees.destination];
  for (const args of [['-i', ...roots], ['--json', ...roots], ['--help'], ['--version']]) {
    const full = openSync('/dev/full', 'w');
    const all = [CLI, ...args];
    const { status, stderr } = spawnSync(process.execPath, all, {
      env: cleanEnvironment(),
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(stderr).toMatch(/^efs-sync: cannot write to standard output: No space left on device; [^\n]*\n$/i);
    expect(status).toBe(11);
  }
  await expectSame(trees);
});

test('a missing directory for temporary files', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const env = { TMPDIR: '/nonexistent' };
  const says = /cannot create a temporary file in \/nonexistent: No such file or directory/;
  await expectRefused(trees, [trees.source, trees.destination], { status: 3, says, env });
});
