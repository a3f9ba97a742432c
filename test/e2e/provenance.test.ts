/**
 * A report stands alone: it says who compared which trees, when, and with which options; other tools check
 * that.
 */
import { execFileSync } from 'node:child_process';
import { hostname } from 'node:os';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, sync, test, verify, type Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

const VERSION = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;

function textOf({ directory }: Trees, name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

/** The page's text: no tags, entities decoded. */
function pageText(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"');
}

const FORMATS = ['proof.txt', 'proof.json', 'proof.html'] as const;

describe('each format', () => {
  test.for(FORMATS)(
    '%s names machine, user, version, absolute paths, times and options',
    async (name, { trees }) => {
      await writeTree(trees.source, { a: file('a') });
      const before = Math.floor(Date.now() / 1000) * 1000;
      const options = ['--exclude=*.tmp', '--digest=sha256', '--delete', `--report=../${name}`];
      // A report must not repeat relative paths, since the working directory is unknown later.
      await run(['.', '../destination', ...options], { cwd: trees.source });
      const after = Date.now();
      const text = name === 'proof.html' ? pageText(textOf(trees, name)) : textOf(trees, name);
      const user = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
      for (const part of [hostname(), user, VERSION, trees.source, trees.destination])
        expect(text).toContain(part);
      for (const part of ['exclude', '*.tmp', 'sha256', 'delete']) expect(text).toContain(part);
      const times = text.match(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+Z| UTC)/g) ?? [];
      expect(times.length).toBeGreaterThanOrEqual(2);
      for (const time of times.slice(0, 2)) {
        const atMs = Date.parse(time.replace(' UTC', 'Z').replace(' ', 'T'));
        expect(atMs).toBeGreaterThanOrEqual(before);
        expect(atMs).toBeLessThanOrEqual(after);
      }
    },
  );

  test.for(FORMATS)('%s does so even if the run ends with an error', async (name, { trees }) => {
    const report = `--report=${join(trees.directory, name)}`;
    await run([trees.source, join(trees.directory, 'no-such/below'), '--delete', report], { status: 3 });
    const text = textOf(trees, name);
    for (const part of [hostname(), VERSION, trees.source, 'no-such', 'delete']) expect(text).toContain(part);
  });
});

test('options of a task file with their line; of the command line, those that count', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a') });
  const task = join(trees.directory, 'nightly.yaml');
  const lines = [
    `source: ${trees.source}`,
    `destination: ${trees.destination}`,
    'digest: sha256',
    'delete: true',
  ];
  writeFileSync(task, `${lines.join('\n')}\n`);
  await run(['run', task, '--no-delete', `--report=${join(trees.directory, 'proof.json')}`]);
  const { options, settings } = JSON.parse(textOf(trees, 'proof.json')) as Record<string, unknown>;
  expect(options).toContainEqual({ name: 'digest', value: 'sha256', origin: `${task}:3` });
  expect(options).toContainEqual({ name: 'delete', value: false, origin: 'command line' });
  expect(options).not.toContainEqual({ name: 'delete', value: true, origin: `${task}:4` });
  expect(settings).toMatchObject({
    digest: 'sha256',
    delete: false,
    preserve: ['uid', 'gid', 'mode', 'mtime'],
  });
});

test('rules from a file are in the JSON report, as the file may change', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a') });
  const rules = join(trees.directory, 'rules');
  writeFileSync(rules, Buffer.from('*.tmp\ncache-\xff\n', 'latin1'));
  const { stdout } = await sync(trees, ['--json', `--exclude-from=${rules}`]);
  const { settings } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
    settings: { filters: unknown };
  };
  expect(settings.filters).toEqual([
    { action: 'exclude', pattern: '*.tmp' },
    {
      action: 'exclude',
      pattern: 'cache-\ufffd',
      patternBase64: Buffer.from('cache-\xff', 'latin1').toString('base64'),
    },
  ]);
});

test('a root that is a symbolic link: its target, too; bytes that are not UTF-8 are escaped', async ({
  trees,
}) => {
  const odd = Buffer.from(`${trees.directory}/odd\xff\n<b>`, 'latin1');
  renameSync(trees.source, odd);
  symlinkSync(odd, trees.source);
  await sync(trees);
  for (const name of ['proof.txt', 'proof.html']) {
    await verify(trees, [`--report=${join(trees.directory, name)}`], { status: 0 });
    const shown = name === 'proof.html' ? '&lt;b&gt;' : '<b>';
    expect(textOf(trees, name)).toContain(`${trees.directory}/odd\\#377\\#012${shown}`);
  }
});

test('the history names the machine of a run', async ({ trees }) => {
  const state = `--state-dir=${join(trees.directory, 'state')}`;
  await sync(trees, [state]);
  const { stdout } = await run(['status', '--json', state]);
  const [, execution] = stdout.trimEnd().split('\n');
  expect(JSON.parse(execution ?? '')).toMatchObject({ event: 'execution', host: hostname() });
});

describeWith(['root', 'tmpfs mount'], 'the mounts of the roots', () => {
  test("are in every format, and in the manifest's first line, which other tools accept", async ({
    trees,
  }) => {
    await writeTree(trees.source, { a: file('a') });
    const mounted = join(trees.directory, 'mnt');
    mkdirSync(mounted);
    execFileSync('mount', ['-t', 'tmpfs', 'fs-12345678:/export', mounted]);
    try {
      const destination = join(mounted, 'data');
      mkdirSync(destination);
      const manifest = join(trees.directory, 'manifest');
      const reports = FORMATS.map((name) => `--report=${join(trees.directory, name)}`);
      for (const report of reports) await run(['verify', trees.source, destination, report], { status: 40 });
      const log = `--log-file=${join(trees.directory, 'log')}`;
      await run([trees.source, destination, '--digest=sha256', `--manifest=${manifest}`, log]);
      const outputs = [...FORMATS, 'manifest', 'manifest.sha256', 'log'];
      for (const name of outputs) {
        const text = textOf(trees, name);
        for (const part of ['tmpfs', 'fs-12345678:/export', mounted, destination])
          expect(text).toContain(part);
      }
      const [head = ''] = textOf(trees, 'manifest').split('\n');
      expect(JSON.parse(head)).toMatchObject({ event: 'manifest', host: hostname(), version: VERSION });
      const check = ['--strict', '-c', `${manifest}.sha256`];
      expect(execFileSync('sha256sum', check, { cwd: destination, encoding: 'utf8' })).toBe('a: OK\n');
    } finally {
      execFileSync('umount', [mounted]);
    }
  });
});
