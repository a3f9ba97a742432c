/** Programs import the package by name, and get the same results as the command line. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { cleanEnvironment } from '../support/run-cli.ts';
import { expectSame, test, type Trees } from '../support/scenario.ts';

const PROGRAM = fileURLToPath(new URL('../support/use-package.mjs', import.meta.url));

function use(command: 'sync' | 'verify', trees: Trees, settings: Readonly<Record<string, unknown>>): unknown {
  const args = [PROGRAM, command, trees.source, trees.destination, JSON.stringify(settings)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { env: cleanEnvironment(), encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('sync copies and proves it', async ({ trees }) => {
  writeFileSync(join(trees.source, 'a'), 'content');
  expect(use('sync', trees, {})).toEqual({ status: 'Success', differing: [] });
  await expectSame(trees);
});

test('verify reads content, even with the settings of a sync that did not', ({ trees }) => {
  writeFileSync(join(trees.source, 'a'), 'content');
  use('sync', trees, { verify: 'none' });
  writeFileSync(join(trees.destination, 'a'), 'CONTENT');
  expect(use('verify', trees, { verify: 'none' })).toEqual({
    status: 'Verification failure',
    differing: ['a'],
  });
});
