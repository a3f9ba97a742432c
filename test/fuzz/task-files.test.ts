/** Any task file is a valid task, or refused with the place of its error: never a crash, never a hang. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { DATA_SYNC_KEYS } from '../../src/cli/task-file/data-sync.ts';
import { OPTION_KEYS, OWN_KEYS } from '../../src/cli/task-file/keys.ts';
import { readTask } from '../../src/cli/task-file/read-task.ts';
import { anyBytes, expectRefusal, fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz.ts';
import { PATIENT } from '../support/patience.ts';
import { runCli } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';

const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...OPTION_KEYS.keys()) },
  { weight: 3, arbitrary: fc.constantFrom(...DATA_SYNC_KEYS, ...OWN_KEYS.map(({ name }) => name)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('__proto__', 'constructor', '<<', '? a', '*a', '&a b', '"\\x1b"', '~', '1'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
);
const scalar = fc.oneof(
  fc.constantFrom(
    ...['true', 'false', 'null', '~', 'yes', '0', '-1', '1e3', '0x1f', '.inf', '.nan', '10%', '1.5k'],
  ),
  fc.constantFrom(
    ...['none', 'full', 'owner,mode', '/s', '!!binary aGVsbG8=', '!!set {a}', '!x y', '*a', '&a b'],
  ),
  fc.constantFrom(
    ...[
      '"\\x1b[2J\\n"',
      '"\\u202E"',
      "'it''s'",
      '|\n  text',
      '>-\n  text',
      '{',
      '[',
      '}',
      '- ',
      '2001-01-01',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`) },
  { weight: 1, arbitrary: fc.tuple(key, scalar).map(([name, text]) => `{${name}: ${text}}`) },
  { weight: 1, arbitrary: fc.tuple(key, scalar).map(([name, text]) => `\n  - ${name}: ${text}`) },
);
const line = fc.tuple(key, value).map(([name, text]) => `${name}: ${text}\n`);
const deep = fc
  .tuple(fc.constantFrom('[', '{a: ', '- ', '? ', '!x [', '&a ['), fc.integer({ min: 1, max: 20_000 }))
  .map(([piece, times]) => `source: ${piece.repeat(times)}`);
const yaml = fc
  .array(line, { maxLength: 6 })
  .map((lines) => Buffer.from(`source: S\ndestination: D\n${lines.join('')}`).toString('latin1'));
const text = fc.oneof(
  { weight: 20, arbitrary: yaml },
  { weight: 5, arbitrary: anyBytes(200) },
  { weight: 1, arbitrary: deep },
);

test('read', TIMEOUT, async ({ trees }) => {
  const file = join(trees.directory, 'task.yaml');
  await fuzz('task files, read', { input: text, share: 0.07, atOnce: 100 }, async (content) => {
    writeFileSync(file, content, 'latin1');
    try {
      const { source, destination } = await readTask(file, PATIENT);
      expect(source.length * destination.length).toBeGreaterThan(0);
    } catch (error) {
      expectRefusal(error);
      expect((error as Error).message).toMatch(/^(cannot read )?\/.*task\.yaml:/);
    }
  });
});

test('in the process', TIMEOUT, async ({ trees }) => {
  const file = join(trees.directory, 'task.yaml');
  await fuzz('task files, run', { input: text, share: 0.03, atOnce: 3 }, async (content) => {
    writeFileSync(file, content, 'latin1');
    const { status, stderr, output } = await runCli(['run', file, '--print-config'], {
      cwd: trees.directory,
    });
    expect([0, 1], output).toContain(status);
    if (status === 1)
      expect(stderr).toMatch(/^efs-sync: .*\nTry '\S*efs-sync\S* --help'(?: or 'man efs-sync')?\.\n$/);
  });
});
