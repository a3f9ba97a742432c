/** Whatever `init` and `--print-config` write is read back as what was given. */
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resolveTask } from '../../../../src/cli/resolve-task.ts';
import type { CommandLine, GivenOption, RunCommandLine } from '../../../../src/cli/options/options.ts';
import { formatTask } from '../../../../src/cli/task-file/format-task.ts';
import { overrideTask, readTask } from '../../../../src/cli/task-file/read-task.ts';
import { configOf } from '../../../../src/cli/write-task.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { utf8Bytes } from '../../../../src/model/display-name.ts';
import { commandLineOf } from '../../../support/command-line.ts';
import { PATIENT } from '../../../support/patience.ts';
import { SEED } from '../../../support/seed.ts';

const directory = mkdtempSync(join(tmpdir(), 'efs-sync-format-'));
const file = join(directory, 'home.yaml');
afterAll(() => rmSync(directory, { recursive: true }));

const NOTHING_ELSE: RunCommandLine = { command: 'run', files: [file], options: {}, filters: [], given: [] };

/** Parses the text of a task file into a command line. */
async function readBack(text: string): Promise<CommandLine> {
  writeFileSync(file, text);
  return overrideTask(await readTask(file, PATIENT), NOTHING_ELSE);
}

const AWKWARD = [
  '', ' ', ' a', 'a ', 'a\nb', '\ndelete: true', 'a\n', '\n', 'a\r\nb', 'a\tb', '\ta', '---', '--- a', '...', '\ufeff',
  '\ufeffa', 'a\u0085b', 'a\u2028b', 'a\u2029b', '\u202ea', 'a # b', '#a', 'a: b', 'a:', ': a', '- a', '-', '? a', '?',
  'yes', 'no', 'on', 'null', 'Null', '~', 'true', 'false', 'True', '1e3', '0x1f', '0o17', '1_000', '.inf', '.nan', '-1',
  '007', '1.50', '2001-01-01', '12:30:45', '<<', '=', '*a', '&a b', '!a b', '!!int 1', '|', '|\n a', '>-', '%YAML 1.2',
  '@a', '`a', '"a"', "'a'", '"', "'", '\\', '\\n', 'a\\', '[a]', '{a: b}', '[', '{', ']', 'a, b', '${a}', '$(a)', '\x1b[2J',
  '\x7f', '\x80', '\ud7ff', '\u{1f600}', '\u{e0001}', 'caf\u00e9', '\u00ad', '\u200b', 'x'.repeat(3000), 'word '.repeat(300),
]; // prettier-ignore

/** Any text that an argument can hold. */
const anyText = fc
  .oneof(
    fc.constantFrom(...AWKWARD),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc
      .array(fc.constantFrom(...Array.from('\n\t :#-?!&*[]{},|>%@`"\'\\a1.~=\r\u0085\u2028\ufeff')), {
        maxLength: 8,
      })
      .map((all) => all.join('')),
  )
  .map((text) => utf8Bytes(text.replaceAll('\0', '')));
/** Relative ones would be read from the file's directory. */
const anyPath = anyText.map((text) => `/${text}`);

describe.each(['descriptions', 'origins'] as const)('with %s', (notes) => {
  test('every text is read back as it was', async () => {
    const texts = fc.record({
      name: anyText,
      source: anyPath,
      destination: anyPath,
      schedule: anyText,
      logFile: anyPath,
      rules: fc.array(anyText, { maxLength: 3 }),
      before: anyText,
      origin: anyText,
    });
    const property = fc.asyncProperty(texts, async (given) => {
      const { name, source, destination, schedule, logFile, rules, before, origin } = given;
      const option = (key: string, value: string): GivenOption => ({ key, value, origin });
      const operands = Object.entries({ name, source, destination, schedule });
      const text = formatTask({
        operands: operands.map(([key, value]) => option(key, value)),
        given: [option('log-file', logFile), ...rules.map((rule) => option('exclude', rule))],
        notes,
        hooks: { before },
      });
      const back = await readBack(text);
      expect({
        name: back.task?.name,
        source: back.source,
        destination: back.destination,
        schedule: back.task?.schedule,
        logFile: back.options.logFile,
        rules: back.filters.map(({ value }) => value),
        before: back.task?.hooks.before,
        origin,
      }).toEqual(given);
    });
    await fc.assert(property, { seed: SEED, numRuns: 500 });
  });

  test('no byte that is not text is written as another', () => {
    const operands = ['source', 'destination'].map((key) => ({ key, value: 'x', origin: '' }));
    const given = [{ key: 'exclude', value: 'caf\xe9', origin: '' }];
    expect(() => formatTask({ operands, given, notes })).toThrow(
      new UsageError("a task file must be UTF-8, but the value of 'exclude' is not: caf\\#351"),
    );
  });
});

/** Options whose combinations are easy to get wrong. */
const OPTIONS: readonly (readonly string[])[] = [
  ['-a'], ['-u'], ['--ignore-existing'], ['--overwrite=older'], ['--overwrite=always'], ['--no-verify'], ['--verify=full'],
  ['--verify=transferred'], ['-P'], ['--no-partial'], ['--partial'], ['--preserve=owner,mode'], ['--preserve=none'], ['-X'],
  ['--no-owner'], ['--no-group'], ['-D'], ['--no-devices'], ['--delete'], ['--no-delete'], ['--delete-excluded'],
  ['--max-delete=10%'], ['--max-size=1.5k'], ['--min-size=010'], ['--bwlimit=1'], ['--bwlimit=2M'], ['--wait'], ['--wait=60'],
  ['--exclude=a: b', '--include=*.c'], ['--concurrency=auto'], ['--concurrency=3'], ['--retries=0'], ['-r'],
  ['--require-file=true'], ['--source-snapshot=null'], ['--state-dir=/a #b'], ['-c'], ['-I'], ['--no-ignore-times'], ['--usermap=0-9:5,*:root', '--groupmap=1:2'], ['--chmod=D755', '--chmod=F644,a+r'], ['-@2'], ['--modify-window=-1'], ['-m'], ['--safe-links'], ['-L'], ['-k'], ['--copy-unsafe-links'], ['--delay-updates'], ['-T', 'a b'], ['-O'], ['-J'], ['--no-J'], ['--digest=sha256'], ['-x'], ['-n'],
  ['--json'], ['-v'], ['-q'], ['--no-times'], ['--no-perms'], ['--existing'], ['--timeout=0'], ['-0'],
  ['--stop-after=1.5'], ['-ii'], ['--out-format=%i: %n #%%'], ['--stop-at=9999-12-31T5:00'], ['--stop-at=1'],
]; // prettier-ignore

async function taskOf(line: CommandLine): Promise<unknown> {
  try {
    return await resolveTask(line, PATIENT);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

test('--print-config means what the command line does', async () => {
  const property = fc.asyncProperty(
    fc.subarray([...OPTIONS], { maxLength: 8 }),
    fc.nat(),
    async (chosen, start) => {
      // Rotates the order, because the last of two options wins.
      const args = chosen.flatMap((_, index) => chosen[(index + start) % chosen.length] as readonly string[]);
      const line = commandLineOf(...args, 'S', 'D');
      const task = await taskOf(line);
      fc.pre(task !== undefined);
      const text = configOf(line, '/state');
      const again = await readBack(text);
      const options = { stateDir: '/state', ...line.options };
      const expected = await resolveTask({ ...line, options }, PATIENT);
      expect((await resolveTask(again, PATIENT)).settings, text).toEqual(expected.settings);
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 500 });
});

test('default metadata is not written as explicitly requested', async () => {
  const text = configOf(commandLineOf('S', 'D'), '');
  expect(text).not.toMatch(/^preserve:/m);
  const { settings } = await resolveTask(await readBack(text), PATIENT);
  expect(settings.preserve.ownerRequired).toBe(false);
});
