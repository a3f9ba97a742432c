/**
 * No name, whatever it contains, acts on the terminal when printed, and every printed name can be converted
 * back exactly.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { findTerminalControls, readEvents, readNames, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, tracedEnvironment, CLI } from '../support/run-cli.ts';
import { sync, test, verify } from '../support/scenario.ts';
import { dir, file, symlink, utf8 } from '../support/tree.ts';
import type { Node } from '../support/tree.ts';

const TIME = { mtimeNs: 1_000_000_000n };

const NAMES = [
  '\x1b[2J\x1b]0;title\x07',
  'cr\rover',
  'lf\nefs-sync: forged',
  '\n',
  'bell\x07',
  'delete\x7f',
  'raw C1 \x9b31m',
  utf8('C1 \u{9b}31m'),
  utf8('fdp.\u{202e}exe'),
  utf8('\u{2066}isolated'),
  utf8('line\u{2028}paragraph\u{2029}'),
  utf8('zero\u{200b}width\u{feff}'),
  utf8('tag \u{e0041}'),
  'not UTF-8 \xff\xfe',
  'half \xe2\x82',
  'surrogate \xed\xa0\x80',
  '-rf',
  '--delete',
  'back\\slash',
  'escaped \\#033[2J',
  'nearly \\#03',
  'twice \\\\#012',
  'cut \\#1\x012',
  ' -> ',
  '"quoted" \'name\' $(id) `id`',
  'tab\tbed',
  utf8('日本語 café'),
  '\xff'.repeat(255),
  '\x01'.repeat(255),
].toSorted();

function each(node: (name: string) => Node): [string, Node][] {
  return NAMES.map((name) => [name, node(name)]);
}

function under(directory: string): string[] {
  return NAMES.map((name) => `${directory}/${name}`).toSorted();
}

async function expectHarmless(text: string): Promise<void> {
  expect(text).not.toContain('\u{fffd}');
  expect(await findTerminalControls(utf8(text))).toEqual([]);
}

/** Decodes the names that the pattern captures. */
async function namesIn(text: string, pattern: RegExp): Promise<string[]> {
  const shown = text.split('\n').flatMap((line) => pattern.exec(line)?.[1] ?? []);
  return (await readNames(shown)).toSorted();
}

/** Each name appears in a change, a problem, a deletion and a verdict. */
async function makeTrees({ source, destination }: { source: string; destination: string }): Promise<void> {
  await writeTree(source, {
    new: dir(each(file)),
    links: dir(each(symlink)),
    same: dir(each(() => file('x', TIME))),
    blocked: dir(each(file)),
  });
  await writeTree(destination, {
    stray: dir(each(file)),
    same: dir(each(() => file('y', TIME))),
    blocked: dir(each(() => dir({ kept: file() }))),
  });
}

test.for(['--color=never', '--color=always'])(
  'lists, problems, logs and reports, %s',
  async (color, { trees }) => {
    await makeTrees(trees);
    const { directory } = trees;
    const [log, report] = [join(directory, 'log'), join(directory, 'report.txt')];
    const files = [`--log-file=${log}`, `--report=${report}`];
    const { stdout, stderr } = await sync(trees, ['-i', color, ...files], { status: 40 });
    const texts = [stdout, stderr, readFileSync(log, 'utf8'), readFileSync(report, 'utf8')];
    // Removes only the program's own colours.
    const [list = '', problems = '', logged = '', reported = ''] = texts.map((text) =>
      text.replaceAll(/\x1b\[(?:1|22|31|32|33|39)m/g, ''),
    );
    for (const text of [list, problems, logged, reported]) await expectHarmless(text);
    expect(await namesIn(list, /^>f[+]{9} (new\/.*)$/)).toEqual(under('new'));
    expect(await namesIn(list, /^cL[+]{9} links\/.* -> (.*)$/)).toEqual(
      expect.arrayContaining(['\n', '-rf']),
    );
    expect(await namesIn(logged, /\] >f[+]{9} (new\/.*)$/)).toEqual(under('new'));
    const blocked = /cannot \w+(?: \w+)* [^ ]*\/destination\/(blocked\/.*): a directory that is not empty/;
    for (const text of [problems, logged, reported])
      expect(await namesIn(text, blocked)).toEqual(under('blocked'));
  },
);

test('paths, deletions and verdicts', async ({ trees }) => {
  await makeTrees(trees);
  const report = join(trees.directory, 'report.txt');
  const found = await verify(trees, ['--delete', `--report=${report}`], { status: 40 });
  for (const text of [found.stderr, readFileSync(report, 'utf8')]) {
    await expectHarmless(text);
    expect(await namesIn(text, /content mismatch: (.*): content differs/)).toEqual(under('same'));
    expect(await namesIn(text, /kind differs: (.*): /)).toEqual(under('blocked'));
  }
  const { stdout } = await sync(trees, ['--delete', '-nv']);
  await expectHarmless(stdout);
  expect(await namesIn(stdout, /^deleting (stray\/.+)$/)).toEqual(under('stray'));
  const deleted = await sync(trees, ['--delete', '-i', '-c']);
  await expectHarmless(deleted.output);
  expect(await namesIn(deleted.stdout, /^[*]deleting {3}(stray\/.+)$/)).toEqual(under('stray'));
});

type Events = readonly Readonly<Record<string, unknown>>[];

/** The paths below the prefix, without the prefix itself. */
function paths(events: Events, prefix: string): string[] {
  return events
    .map(({ path }) => path as string)
    .filter((path) => path.startsWith(prefix) && path !== prefix)
    .toSorted();
}

test('--json and JSON reports are exact', async ({ trees }) => {
  await makeTrees(trees);
  const report = join(trees.directory, 'report.json');
  const verified = await verify(trees, ['--json', `--report=${report}`], { status: 40 });
  const synced = await sync(trees, ['--json', '--delete', '-c']);
  for (const text of [verified.stdout, synced.stdout, readFileSync(report, 'utf8')]) {
    expect(await findTerminalControls(utf8(text))).toEqual([]);
  }
  const changes = (await readEvents(utf8(synced.stdout))).filter(({ event }) => event === 'change');
  expect(paths(changes, 'stray/')).toEqual(under('stray'));
  expect(paths(changes, 'new/')).toEqual(under('new'));
  const targets = changes.map(({ linkedTo }) => linkedTo as string).filter(Boolean);
  expect(targets.toSorted()).toEqual(NAMES);
  const verdicts = (await readEvents(utf8(verified.stdout))).filter(({ event }) => event === 'verdict');
  expect(paths(verdicts, 'same/')).toEqual(under('same'));
  const written: unknown = JSON.parse(readFileSync(report, 'utf8'));
  const [read] = await readEvents(utf8(JSON.stringify(written)));
  expect(paths(read?.['verdicts'] as Events, 'blocked/')).toEqual(under('blocked'));
});

test('roots and files with any name, also in errors', async ({ trees }) => {
  const hostile = '\x1b[2J\nefs-sync Success \xff';
  await writeTree(trees.directory, {
    [hostile]: dir({ f: file('x'), list: file('../b'), limits: file('b\x1b=\n') }),
    full: dir({ b: file('x') }),
  });
  const cases: [string, number][] = [
    ['"$h" "$h"', 3],
    ['"$h/f/" full', 3],
    ['"$h/f" "$h"', 3],
    ['"$h/f" "$h/f/x"', 3],
    ['full "$h/none/x"', 3],
    ['full "./$h/f/x" --mkpath', 3],
    ['"$h" full --require-mount', 3],
    ['full "$h" --state-dir="$h/f"', 3],
    ['full "$h" --exclude-from="$h/none"', 1],
    ['full "$h" --files-from="$h/list"', 1],
    ['full "$h" --limits-file="$h/limits"', 1],
    ['full "$h" --log-file="$h/none/log"', 1],
    ['full "$h" --report="$h/none/r.json"', 1],
    ['full "$h" --report="$h"', 1],
    ['full "$h" --preserve="$h"', 1],
    ['full "$h" --max-size="$h"', 1],
    ['full "$h" --bwlimit="$h"', 1],
    ['full "$h" --chown="$h"', 1],
    ['full "$h" --verify="$h"', 1],
    ['full "$h" "--$h"', 1],
    ['full "$h" "$h"', 1],
    ['"$h" full --delete --max-delete="$h"', 1],
  ];
  for (const [args, status] of cases) {
    for (const json of ['', ' --json']) {
      const script = `cd "$2" && h=$(printf '\\033[2J\\nefs-sync Success \\377') && exec "$0" "$1" ${args}${json}`;
      const options = { env: cleanEnvironment(), encoding: 'latin1' } as const;
      const result = spawnSync('sh', ['-c', script, process.execPath, CLI, trees.directory], options);
      const { stdout, stderr } = result;
      expect({ args, status: result.status, stderr }).toEqual({ args, status, stderr });
      expect(await findTerminalControls(stdout + stderr)).toEqual([]);
      expect(stderr.split('\n').length, stderr).toBe(status === 1 ? 3 : 2);
      const [line = ''] = stderr.split('\n');
      const [name] = await readNames([Buffer.from(line, 'latin1').toString('utf8')]);
      if (args !== 'full "$h" "$h"')
        expect({ args, name }).toEqual({ args, name: expect.stringContaining(hostile) });
    }
  }
});

/** A name that strace accepts as an argument. */
const SAYABLE = '\x1b[2J\nefs-sync: Success \u{202e}';

describeWith(['strace'], 'a call that hangs', () => {
  test('is named harmlessly', async ({ trees }) => {
    await writeTree(trees.source, { [utf8(SAYABLE)]: dir({ large: file('x'.repeat(100_000)) }) });
    const reads = 'copy_file_range,read,pread64';
    const hang = ['-e', `trace=${reads}`, '-e', `inject=${reads}:delay_enter=600000000`];
    const tracing = ['-f', '-qq', '-o', '/dev/null', '-P', join(trees.source, SAYABLE, 'large'), ...hang];
    const args = [...tracing, process.execPath, CLI, '--timeout=1', trees.source, trees.destination];
    const child = spawn('strace', args, { env: tracedEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    // strace cannot detach from a thread that it delays, so kill both.
    const isTold = () => expect(stderr).toMatch(/no progress for 1 s: .*\n/);
    await vi.waitFor(isTold, { timeout: 30_000, interval: 50 }).finally(() => child.kill('SIGKILL'));
    await expectHarmless(stderr);
    expect(await readNames([stderr])).toEqual([expect.stringContaining(utf8(SAYABLE))]);
  });
});

describeWith(['tmpfs mount'], 'a destination that is full', () => {
  test('is reported harmlessly', async ({ trees }) => {
    const name = '\x1b[2J\nefs-sync: Success \xff';
    await writeTree(trees.source, { [name]: file('x'.repeat(3_000_000)) });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', trees.destination]);
    try {
      const { stderr } = await sync(trees, [], { status: 11 });
      await expectHarmless(stderr);
      expect(await readNames([stderr])).toEqual([expect.stringContaining(name)]);
    } finally {
      execFileSync('umount', [trees.destination]);
    }
  });
});
