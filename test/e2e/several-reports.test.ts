/** All requested reports are written, each in its format; no output overwrites another's file. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { run, sync, test, type Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

const NAMES = ['p.html', 'p.json', 'p.txt'] as const;

function expectAll({ directory }: Trees): void {
  const [html, json, text] = NAMES.map((name) => readFileSync(join(directory, name), 'utf8'));
  expect(html).toMatch(/^<!doctype html>/i);
  expect(JSON.parse(json ?? '')).toMatchObject({ event: 'report', exitStatus: 0 });
  expect(text).toMatch(/^Success/);
}

test('from the command line', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a') });
  await sync(
    trees,
    NAMES.map((name) => `--report=${join(trees.directory, name)}`),
  );
  expectAll(trees);
});

test('from a task file, also as --print-config writes it', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a') });
  const reports = NAMES.map((name) => `--report=${join(trees.directory, name)}`);
  const { stdout } = await sync(trees, [...reports, '--print-config']);
  const task = join(trees.directory, 'task.yaml');
  writeFileSync(task, stdout);
  await run(['run', task]);
  expectAll(trees);
});

test('an unwritable one is found before anything is done', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a') });
  const [first, second] = [join(trees.directory, 'p.txt'), join(trees.directory, 'p.json')];
  await sync(trees, [`--report=${first}`, '--report=/no/such/p.html', `--report=${second}`], { status: 1 });
  expect([first, second].map((path) => existsSync(path))).toEqual([false, false]);
});

test.for([
  ['--report=p.json', '--report=./p.json'],
  ['--report=p.json', '--manifest=../source/p.json'],
  ['--report=p.txt', '--log-file=p.txt'],
  ['--manifest=m', '--emf=m'],
  ['--digest=sha256', '--manifest=m', '--log-file=m.sha256'],
])('%j is refused before anything is done', async (options, { trees }) => {
  await writeTree(trees.source, { a: file('a') });
  const { stderr } = await run(['.', trees.destination, ...options], { cwd: trees.source, status: 1 });
  expect(stderr).toMatch(/^efs-sync: --[\w-]+ and --[\w-]+ would both write .*: give each its own file\n/);
  expect(existsSync(join(trees.destination, 'a'))).toBe(false);
});
