/** What the command line is taken to mean, and what is said where it means nothing. */
import { describe, expect, test } from 'vitest';
import type { CommandLine } from '../../../src/cli/options.ts';
import { parseCommandLine } from '../../../src/cli/parse-command-line.ts';
import { UsageError } from '../../../src/errors.ts';
import { commandLineOf } from '../../support/command-line.ts';

const failing = (text: string) => expect.fail(text);

describe('options', () => {
  test.each<[string[], CommandLine['options']]>([
    [[], {}],
    [['-aHS'], { archive: true, hardLinks: true, sparse: true } as CommandLine['options']],
    [['-avn'], { archive: true, verbose: true, dryRun: true }],
    [['-rlt'], { recursive: true, links: true, times: true } as CommandLine['options']],
    [['-avhP'], { archive: true, verbose: true, humanReadable: true, P: true } as CommandLine['options']],
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
    [['--report=r.json'], { report: 'r.json' }],
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

  test('without a value are taken back by --no-', () => {
    expect(commandLineOf('a', 'b', '--delete', '--no-delete').options).toEqual({ delete: false });
    expect(commandLineOf('a', 'b', '-a', '--no-owner').options).toEqual({ archive: true, owner: false });
  });

  test('are noted as they were given', () => {
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

  test('take what follows for their value, whatever it looks like', () => {
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
    [['init', 'task.yaml', 'a'], /missing.*destination/],
    [['init', 'task.yaml', '', 'b'], /source is empty/],
    [['preflight', 'a'], /missing.*destination/],
    [['a', 'b', '--delte'], /unknown option '--delte' \(did you mean --delete\?\)/],
    [['a', 'b', '-Z'], /unknown option '-Z'/],
    [['a', 'b', '--exclude'], /--exclude=PATTERN' argument missing/],
    [['a', 'b', '--verify=maybe'], /--verify=MODE.*maybe.*full, transferred, none/],
    [['a', 'b', '--preserve=colour'], /colour.*owner, uid, gid/],
    [['a', 'b', '--preserve=none,mode'], /none.*alone/],
    [['a', 'b', '--max-delete=101%'], /at most 100/],
    [['a', 'b', '--max-delete=-1'], /max-delete/],
    [['a', 'b', '--concurrency=0'], /from 1 to/],
    [['a', 'b', '--retries=1.5'], /whole number/],
    [['a', 'b', '--timeout=soon'], /whole number/],
    [['a', 'b', '--max-size=big'], /--max-size=SIZE.*big/],
    [['a', 'b', '--bwlimit=1b'], /too small/],
    [['a', 'b', '--opslimit=1k'], /whole number/],
    [['a', 'b', '--limits-file='], /empty/],
    [['a', 'b', '--report=r.htm'], /\.html, \.json or \.txt/],
    [['a', 'b', '--report=r'], /\.json or \.txt/],
    [['a', 'b', '--log-file='], /empty/],
    [['a', 'b', '--wait='], /--wait\[=SECONDS\]' argument '' is invalid: it takes a whole number/],
    [['a', 'b', '--wait', '60'], /too many/],
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
