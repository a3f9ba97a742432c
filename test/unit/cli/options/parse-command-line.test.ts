/** The meaning of a command line, and the message for one without a meaning. */
import { describe, expect, test } from 'vitest';
import type { CommandLine } from '../../../../src/cli/options/options.ts';
import { parseCommandLine, rawArguments } from '../../../../src/cli/options/parse-command-line.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { commandLineOf } from '../../../support/command-line.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const failing = (text: string) => expect.fail(text);

describe('options', () => {
  test.each<[string[], CommandLine['options']]>([
    [[], {}],
    [['-aHS'], { archive: true, hardLinks: true, sparse: true }],
    [['-avn'], { archive: true, verbose: true, dryRun: true }],
    [['-rlt'], { recursive: true, links: true, times: true }],
    [['-avhP'], { archive: true, verbose: true, humanReadable: true, P: true }],
    [['-vv'], { verbose: true }],
    [['-0'], { from0: true }],
    [['--preserve=owner,xattr'], { preserve: ['owner', 'xattr'] }],
    [['--preserve', 'none'], { preserve: ['none'] }],
    [['--max-delete=5'], { maxDelete: { count: 5 } }],
    [['--max-delete=2.5%'], { maxDelete: { percent: 2.5 } }],
    [['--max-size=1.5k'], { maxSize: 1536 }],
    [['--bwlimit=2m'], { bwlimit: 2 * 1024 * 1024 }],
    [['--opslimit=500'], { opslimit: 500 }],
    [['--opslimit=0'], { opslimit: 0 }],
    [['--limits-file=l'], { limitsFile: 'l' }],
    [['--concurrency=auto'], { concurrency: 'auto' }],
    [['--concurrency=64'], { concurrency: 64 }],
    [['--retries=0'], { retries: 0 }],
    [['--timeout', '30'], { timeout: 30 }],
    [['--no-verify'], { verify: false }],
    [['--wait'], { wait: Infinity }],
    [['--wait=60'], { wait: 60 }],
    [['--preserve', 'mode', '--wait'], { preserve: ['mode'], wait: Infinity }],
    [['--verify=transferred'], { verify: 'transferred' }],
    [['--report=r.json'], { report: ['r.json'] }],
    [['--report=r.json', '--report=p.html'], { report: ['r.json', 'p.html'] }],
  ])('%j', (args, options) => {
    expect(commandLineOf('a', 'b', ...args).options).toEqual(options);
    expect(commandLineOf(...args, 'a', 'b').options).toEqual(options);
  });

  test('stand between operands too', () => {
    expect(commandLineOf('a', '-n', 'b')).toMatchObject({
      source: 'a',
      destination: 'b',
      options: { dryRun: true },
    });
  });

  test('may be verify, before or after its name', () => {
    const expected = { command: 'verify', source: 'a', destination: 'b', options: { quiet: true } };
    expect(commandLineOf('verify', 'a', 'b', '-q')).toMatchObject(expected);
    expect(commandLineOf('-q', 'verify', 'a', 'b')).toMatchObject(expected);
    expect(commandLineOf('./verify', 'b')).toMatchObject({ command: 'sync', source: './verify' });
  });

  test('without a value are turned off by --no-', () => {
    expect(commandLineOf('a', 'b', '--delete', '--no-delete').options).toEqual({ delete: false });
    expect(commandLineOf('a', 'b', '-a', '--no-owner').options).toEqual({ archive: true, owner: false });
  });

  test('are recorded as they were given', () => {
    const origin = 'command line';
    expect(commandLineOf('a', 'b', '-n', '--max-delete=10%', '--exclude=x', '--no-delete').given).toEqual([
      { key: 'dry-run', value: true, origin },
      { key: 'max-delete', value: '10%', origin },
      { key: 'exclude', value: 'x', origin },
      { key: 'delete', value: false, origin },
    ]);
  });

  test('may be those of run and init', () => {
    expect(parseCommandLine(['run', 'a.yaml', '-q', 'b.yaml'], failing)).toMatchObject({
      command: 'run',
      files: ['a.yaml', 'b.yaml'],
      options: { quiet: true },
    });
    expect(parseCommandLine(['init', '--delete', 'a.yaml', 's', 'd'], failing)).toMatchObject({
      command: 'init',
      file: 'a.yaml',
      source: 's',
      destination: 'd',
      given: [{ key: 'delete', value: true }],
    });
  });

  test('take the next argument as their value, whatever it looks like', () => {
    expect(commandLineOf('a', 'b', '--exclude', '--wait').filters).toEqual([
      { option: 'exclude', value: '--wait' },
    ]);
    expect(commandLineOf('--', '--wait', '--wait')).toMatchObject({
      source: '--wait',
      destination: '--wait',
    });
    expect(commandLineOf('--exclude', '--', '--wait', 'a', 'b')).toMatchObject({
      options: { wait: Infinity },
    });
  });

  test('end at --', () => {
    expect(commandLineOf('-n', '--', '-a', '-b')).toMatchObject({ source: '-a', destination: '-b' });
  });

  test('of filters keep their order', () => {
    const args = ['--include=a', '--exclude-from', 'b', '--include-from=c', '--exclude', '-d', '--include=e'];
    expect(commandLineOf('s', 'd', ...args).filters).toEqual([
      { option: 'include', value: 'a' },
      { option: 'exclude-from', value: 'b' },
      { option: 'include-from', value: 'c' },
      { option: 'exclude', value: '-d' },
      { option: 'include', value: 'e' },
    ]);
  });
});

describe('refused', () => {
  test.each([
    [[], /missing.*source/],
    [['a'], /missing.*destination/],
    [['verify', 'a'], /missing.*destination/],
    [['a', 'b', 'c'], /too many arguments/],
    [['', 'b'], /source is empty/],
    [['a', ''], /destination is empty/],
    [['run'], /missing.*task\.yaml/],
    [['init', 'task.yaml', 'a'], /type efs-sync init task\.yaml a DESTINATION$/],
    [['init', 's', 'd'], /type efs-sync init task\.yaml s d$/],
    [['init', 's', 'd', 't.yaml'], /task file first: type efs-sync init t\.yaml s d$/],
    [['init', 's', 't.yml', 'd'], /task file first: type efs-sync init t\.yml s d$/],
    [['help'], /^there is no command 'help': type efs-sync --help$/],
    [['version'], /type efs-sync --version$/],
    [['sync', 'a', 'b'], /^there is no command 'sync': type efs-sync a b$/],
    [['copy', '-n', 'a b', 'c'], /type efs-sync 'a b' c$/],
    [['check', 'a', 'b'], /type efs-sync verify a b$/],
    [['verfy', 'a', 'b'], /^there is no command 'verfy': type efs-sync verify a b$/],
    [['stauts'], /type efs-sync status$/],
    [['a', 'b', 'verify'], /the command comes first: type efs-sync verify a b$/],
    [
      ['src/x', 'src/y', 'src/z', 'd'],
      /if these are its contents \(efs-sync src d\), else .*\(efs-sync src\/x d\/x\)$/,
    ],
    [
      ['verify', 'a/x', 'b/y', 'd'],
      /there is one source: sync each by itself \(efs-sync verify a\/x d\/x\)$/,
    ],
    [['init', 'task.yaml', '', 'b'], /source is empty/],
    [['preflight', 'a'], /missing.*destination/],
    [['a', 'b', '--delte'], /unknown option '--delte' \(did you mean --delete\?\)/],
    [['a', 'b', '-Z'], /^unknown option '-Z'$/],
    [['a', 'b', '-avZ'], /^unknown option '-Z' in '-avZ'$/],
    [['a', 'b', '-delete'], /^unknown option '-delete': type --delete, with two dashes$/],
    [['a', 'b', '--exlcude=x'], /^unknown option '--exlcude' \(did you mean --exclude\?\)$/],
    [['a', 'b', '--no-delet'], /^unknown option '--no-delet' \(did you mean --no-delete\?\)$/],
    [['a', 'b', '--progres'], /\(did you mean --progress\?\)$/],
    [['a', 'b', '--lst-only'], /^unknown option '--lst-only'$/],
    [['a', 'b', '--sizeonlyy'], /^unknown option '--sizeonlyy'$/],
    [['a', 'b', '--enclude=x'], /^unknown option '--enclude'$/],
    [['a', 'b', '--usage'], /^unknown option '--usage'$/],
    [
      ['a', 'b', '--dry-run=true'],
      /takes no value: type --dry-run to turn it on, --no-dry-run to turn it off$/,
    ],
    [['a', 'b', '--delete=true'], /^'--delete=true': the option takes no value: type --delete to/],
    [['a', 'b', '--compress=9'], /^'--compress=9': the option takes no value: type --compress$/],
    [['a', 'b', '-e'], /^option '-e, --rsh=COMMAND' argument missing$/],
    [['a', 'b', '--exclude'], /--exclude=PATTERN' argument missing/],
    [['a', 'b', '--verify=maybe'], /--verify=MODE.*maybe.*full, transferred, none/],
    [['a', 'b', '--preserve=colour'], /colour.*owner, uid, gid/],
    [['a', 'b', '--preserve=none,mode'], /none.*cannot be combined with other words/],
    [['a', 'b', '--max-delete=101%'], /at most 100/],
    [['a', 'b', '--max-delete=-1'], /max-delete/],
    [['a', 'b', '--concurrency=0'], /from 1 to/],
    [['a', 'b', '--retries=1.5'], /whole number/],
    [['a', 'b', '--timeout=soon'], /whole number/],
    [['a', 'b', '--stop-after=0'], /minutes above 0/],
    [['a', 'b', '--time-limit=x'], /minutes above 0/],
    [['a', 'b', '--stop-at=2020-01-01'], /is past/],
    [['a', 'b', '--stop-at=soon'], /is no time/],
    [['a', 'b', '--max-size=big'], /--max-size=SIZE.*big/],
    [['a', 'b', '--bwlimit=1b'], /too small/],
    [['a', 'b', '--opslimit=1k'], /whole number/],
    [['a', 'b', '--limits-file='], /empty/],
    [['a', 'b', '--report=r.htm'], /\.html, \.json or \.txt/],
    [['a', 'b', '--report=r'], /\.json or \.txt/],
    [['a', 'b', '--log-file='], /empty/],
    [['a', 'b', '--wait='], /--wait\[=SECONDS\]' argument '' is invalid: it takes a whole number/],
    [['a', 'b', '--wait', '60'], /^too many arguments: --wait takes its value attached: type --wait=60$/],
    [['--wait', '60', 'a', 'b'], /type --wait=60$/],
    [['a', 'b', '--log-file', '--wait', '-Z'], /-Z/],
    [['a', 'b', '--color=blue'], /auto, always, never/],
  ])('%j', (args, message) => {
    expect(() => commandLineOf(...args)).toThrow(UsageError);
    expect(() => commandLineOf(...args)).toThrow(message);
  });
});

test.each([
  [['--help'], /^Usage: efs-sync/],
  [['-h'], /^Usage: efs-sync/],
  [['verify', '--help'], /^Usage: efs-sync verify/],
  [['a', 'b', '--version'], /^efs-sync \d+\.\d+\.\d+\n$/],
])('%j prints and runs nothing', (args, expected) => {
  let printed = '';
  expect(parseCommandLine(args, (text) => (printed += text))).toBeUndefined();
  expect(printed).toMatch(expected);
});

test.each([
  [['--help']],
  [['verify', '--help']],
  [['preflight', '--help']],
  [['run', '--help']],
  [['init', '--help']],
  [['status', '--help']],
])('%j fits into 80 columns, in ASCII', (args) => {
  let printed = '';
  parseCommandLine(args, (text) => (printed += text));
  expect(printed.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(printed).toMatch(/^[\n\x20-\x7e]{1000,}$/);
});

test.each([
  ['ASCII', ['-n', '', 'a'], ['-n', '', 'a']],
  ['UTF-8', ['caf\u{e9}'], ['caf\xc3\xa9']],
])('%s needs no second look', (_, args, raw) => {
  expect(rawArguments(args, '/nonexistent')).toEqual(raw);
});

test('bytes that are not UTF-8 are read back from the kernel', () => {
  const directory = mkdtempSync(join(tmpdir(), 'efs-sync-test-'));
  const file = join(directory, 'cmdline');
  writeFileSync(file, 'node\0--no-warnings\0efs-sync.js\0-n\0\0a\xff\xc3\xa9\0', 'latin1');
  expect(rawArguments(['-n', '', 'a\u{fffd}\u{e9}'], file)).toEqual(['-n', '', 'a\xff\xc3\xa9']);
  rmSync(directory, { recursive: true });
});
