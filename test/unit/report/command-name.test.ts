/** Hints name the command as it was started. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandNameIn } from '../../../src/report/command-name.ts';
import { CLI, cleanEnvironment } from '../../support/run-cli.ts';

const NPX = { npm_command: 'exec', npm_lifecycle_script: 'efs-sync' };

test.each([
  [{}, '/usr/bin/efs-sync', 'efs-sync'],
  [NPX, '/w/bin/efs-sync.js', 'npx efs-sync'],
  [{ ...NPX, npm_lifecycle_script: '"efs-sync" -n' }, '/w/bin/efs-sync.js', 'npx efs-sync'],
  [{ ...NPX, npm_lifecycle_script: 'vitest run' }, '/usr/bin/efs-sync', 'efs-sync'],
  [{ npm_command: 'run-script', npm_lifecycle_script: 'efs-sync a b' }, '/usr/bin/efs-sync', 'efs-sync'],
  [{}, '/w/bin/efs-sync.js', './bin/efs-sync.js'],
  [{}, '/w/w x/efs-sync.js', "'./w x/efs-sync.js'"],
  [{}, '/other/bin/efs-sync.js', '/other/bin/efs-sync.js'],
])('%j %s: %s', (variables, program, name) => {
  expect(commandNameIn(variables, program, '/w')).toBe(name);
});

test.each([
  [['--no-such'], "Try 'npx efs-sync --help'."],
  [['verfy', 'a', 'b'], 'npx efs-sync verify a b'],
  [['help'], 'npx efs-sync --help'],
])('npx efs-sync %j', (args, hint) => {
  const { stderr } = spawnSync(CLI, args, { env: { ...cleanEnvironment(), ...NPX }, encoding: 'utf8' });
  expect(stderr).toContain(hint);
});
