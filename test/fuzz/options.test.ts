/** Any command line is run, or refused in one sentence: never a crash, never a hang. */
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseCommandLine } from '../../src/cli/options/parse-command-line.ts';
import { parseLimits } from '../../src/cli/options/limits-file.ts';
import { resolveSettings } from '../../src/cli/options/resolve-settings.ts';
import { OPTIONS } from '../../src/cli/options/table/option-table.ts';
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts';
import { namesIn } from '../../src/cli/options/table/option-declaration.ts';
import { RSYNC_OPTIONS } from '../../src/cli/options/table/rsync-options.ts';
import { parseRate, parseSize } from '../../src/cli/options/table/option-values.ts';
import { anyArgument, anyBytes, fuzz, FUZZ_TIMEOUT_MS, expectRefusal } from '../support/fuzz.ts';
import { PATIENT } from '../support/patience.ts';
import { runCli } from '../support/run-cli.ts';
import { snapshot, test } from '../support/scenario.ts';

const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };
const ENVIRONMENT = { variables: { HOME: '/nonexistent' }, uid: 1000 };

const flags = [...OPTIONS, ...RSYNC_OPTIONS].flatMap((option) => namesIn(option.flags));
const longFlags = flags.filter((flag) => flag.startsWith('--'));

const number = fc.oneof(
  fc.integer({ min: -2, max: 200 }).map(String),
  fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String),
  fc.constantFrom('0', '00', '-0', '1e3', '0x10', '1.5', '.5', '5.', 'NaN', 'Infinity', '١', '1 ', '+1'),
);
const amount = fc.tuple(
  number,
  fc.constantFrom('', 'b', 'k', 'K', 'kb', 'KiB', 'g', 'P', '%', '+1', '-1', 's'),
);
const words = fc.constantFrom(
  ...['auto', 'always', 'never', 'older', 'full', 'transferred', 'none', 'xxh64', 'sha256', 'all', 'owner'],
  ...['mode,mtime', 'xattr,acl', 'none,all', ',', 'root', ':root', 'root:root', '0:0', ':', '-1:4294967295'],
  ...['r.json', 'r.txt', 'r.html', 'list', 'missing/list', '{list,list2}', '!(', '[', '{', '*', '+(a|b)'],
  ...[
    '{1..10000000}',
    '*('.repeat(500),
    'x'.repeat(5000),
    '!(list)*',
    '+(+(+(a)))',
    '/',
    '.',
    '..',
    '../x',
    '',
    '+ a',
    '- ',
    '!',
    '**',
    '~',
  ],
);
const value = fc.oneof(
  { weight: 3, arbitrary: words },
  { weight: 2, arbitrary: amount.map((parts) => parts.join('')) },
  { weight: 1, arbitrary: anyArgument(20).map((text) => text.replaceAll('/', '_')) },
);
const argument = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...flags) },
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...longFlags), value).map((parts) => parts.join('=')) },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: fc.constantFrom(...'aAcDgHhiLlnoPpqrStUuVvWXxZ0-'.split('')), maxLength: 6 })
      .map((letters) => `-${letters}`),
  },
  { weight: 1, arbitrary: value },
  {
    weight: 1,
    arbitrary: fc.constantFrom('verify', 'run', 'preflight', 'why', 'status', 'S', 'D', '--', '-'),
  },
);
/** Rejects arguments that read standard input or a file that the test itself may block. */
const isHarmlessHere = (text: string): boolean => !/^--?[a-z-]*from(=(-|[./*~+![{].*|.*[*(].*))?$/.test(text);

test('in the parser', TIMEOUT, async ({ trees }) => {
  const input = fc.array(argument, { maxLength: 8 });
  const before = process.cwd();
  process.chdir(makeLists(trees.directory));
  await fuzz('options, parsed', { input, share: 0.15, atOnce: 200 }, async (args) => {
    const all = ['S', 'D', ...args.filter(isHarmlessHere)];
    try {
      const commandLine = parseCommandLine(all, () => undefined);
      if (commandLine?.command !== 'sync' && commandLine?.command !== 'verify') return;
      const settings = await resolveSettings(commandLine, ENVIRONMENT, PATIENT);
      for (const key of [
        'retries',
        'timeoutMs',
        'lockWaitMs',
        'bandwidthBytesPerSec',
        'minSizeBytes',
      ] as const)
        expect(settings[key]).toBeGreaterThanOrEqual(0);
    } catch (error) {
      expectRefusal(error);
    }
  }).finally(() => process.chdir(before));
});

test('in the process', TIMEOUT, async ({ trees }) => {
  const { directory, source, destination } = trees;
  const [cwd, secret] = [makeLists(directory), mkdtempSync(join(directory, 'secret-'))];
  writeFileSync(join(secret, 'secret'), 'secret');
  const outside = await snapshot(secret);
  const input = fc.array(
    argument.filter((text) => !/^--(opslimit|bwlimit|log-file|report|state-dir)/.test(text)),
    { maxLength: 6 },
  );
  await fuzz('options, run', { input, share: 0.3, atOnce: 5 }, async (args) => {
    writeFileSync(join(source, 'a'), 'x');
    mkdirSync(join(destination, 'stray'), { recursive: true });
    const files = [`--log-file=${join(directory, 'log')}`, `--report=${join(directory, 'report.json')}`];
    const { status, signal, stderr, output } = await runCli([source, destination, ...files, ...args], {
      cwd,
      env: {},
    });
    expect({ signal, output }).toEqual({ signal: null, output });
    expect([0, 1, 3, 23, 25, 40], output).toContain(status);
    expect(output).not.toMatch(/\n {4}at |bug in efs-sync|Unhandled|node:internal/);
    if (status === 1)
      expect(stderr).toMatch(/^efs-sync: .*\nTry '\S*efs-sync\S* --help'(?: or 'man efs-sync')?\.\n$/);
    if (status === 3) expect(stderr).toMatch(/^efs-sync: .*\n$/);
    expect(await snapshot(secret)).toEqual(outside);
    expect(readdirSync(source)).toEqual(['a']);
  });
});

test('sizes, rates and limits files', TIMEOUT, async () => {
  const line = fc
    .tuple(fc.constantFrom('bwlimit', 'opslimit', '# ', ' ', 'x'), fc.constantFrom('=', ' = ', ''), amount)
    .map(([name, equals, parts]) => name + equals + parts.join(''));
  const file = fc.oneof(
    fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n')),
    anyBytes(60),
  );
  const input = fc.tuple(
    amount.map((parts) => parts.join('')),
    file,
  );
  await fuzz('numbers and limits', { input, share: 0.05, atOnce: 200 }, ([size, limits]) => {
    const smallest = (): number => {
      const { bandwidthBytesPerSec, operationsPerSec } = parseLimits(limits, DEFAULT_SETTINGS);
      return Math.min(bandwidthBytesPerSec, operationsPerSec);
    };
    for (const parse of [() => parseSize(size), () => parseRate(size), smallest]) {
      try {
        expect(parse()).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expectRefusal(error);
      }
    }
  });
});

/** The working directory, in which relative list names resolve. */
function makeLists(directory: string): string {
  const cwd = mkdtempSync(join(directory, 'cwd-'));
  writeFileSync(join(cwd, 'list'), 'a\n../b\n');
  writeFileSync(join(cwd, 'list2'), '+ a\n- \n');
  return cwd;
}
