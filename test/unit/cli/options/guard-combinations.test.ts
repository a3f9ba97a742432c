/** Options that agree are taken together, and no two outputs get the same file. */
import { cwd } from 'node:process';
import { describe, expect, it } from 'vitest';
import { guardCombinations } from '../../../../src/cli/options/guard-combinations.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { commandLineOf } from '../../../support/command-line.ts';

function guard(...args: readonly string[]): void {
  guardCombinations(commandLineOf('a', 'b', ...args));
}

describe('these go together', () => {
  it.each([
    [['--update', '--overwrite=older']],
    [['--ignore-existing', '--overwrite=never']],
    [['--update', '--ignore-existing']],
    [['--files-from=x', '--no-delete']],
    [['--delete', '--exclude-from=x']],
    [['--manifest=m', '--verify=transferred']],
    [['--checksum', '--no-size-only']],
    [['--json', '--no-quiet']],
    [['--min-size=5', '--max-size=5']],
    [['--min-size=5']],
    [['--verify=none']],
    [['--chown=:5', '--usermap=1:2']],
    [['--chown=5', '--groupmap=1:2']],
    [['--no-owner', '--groupmap=1:2']],
    [['--usermap=1:2', '--usermap=3:4']],
    [['--digest=sha256', '--report=m.sha256.txt', '--manifest=m']],
  ])('%j', (args) => {
    expect(() => guard(...args)).not.toThrow();
  });
});

const verify = (option: string) => guardCombinations(commandLineOf('verify', 'a', 'b', option));

describe('these contradict each other', () => {
  it.each([
    [['--manifest=m', '--no-verify'], /--manifest lists what was verified/],
    [['--manifest=m', '--verify=none'], /--manifest lists what was verified/],
    [['--chown=5:6', '--usermap=1:2'], /--chown.*--usermap/],
    [['--chown=5:6', '--groupmap=1:2'], /--chown.*--groupmap/],
    [['--usermap=1:2', '--no-owner'], /--usermap.*--no-owner/],
    [['--groupmap=1:2', '--no-group'], /--groupmap.*--no-group/],
    [['--update', '--overwrite=never'], /--update means --overwrite=older.*--overwrite=never/],
    [['--ignore-existing', '--overwrite=always'], /--ignore-existing means --overwrite=never/],
  ])('%j', (args, message) => {
    expect(() => guard(...args)).toThrow(UsageError);
    expect(() => guard(...args)).toThrow(message);
  });

  it('verify and --verify=none', () => {
    expect(() => verify('--verify=none')).toThrow(/would do nothing/);
    expect(() => verify('--verify=full')).not.toThrow();
  });
});

describe('two outputs', () => {
  const here = cwd();

  it.each([
    [['--report=r.json', '--report=r.json'], '--report and --report would both write r.json'],
    [['--report=r.txt', '--report=x/../r.txt'], '--report and --report would both write x/../r.txt'],
    [['--report=r.txt', `--report=${here}/r.txt`], `--report and --report would both write ${here}/r.txt`],
    [['--manifest=r.txt', '--report=./r.txt'], '--report and --manifest would both write r.txt'],
    [['--metrics=m.prom', '--manifest=m.prom'], '--metrics and --manifest would both write m.prom'],
    [['--metrics=m.prom', '--log-file=m.prom'], '--metrics and --log-file would both write m.prom'],
    [['--metrics=m.prom', '--emf=m.prom'], '--metrics and --emf would both write m.prom'],
    [
      ['--manifest=m', '--digest=sha256', '--log-file=m.sha256'],
      '--manifest and --log-file would both write m.sha256',
    ],
    [['--log-file=caf\xc3\xa9.txt', '--report=caf\xc3\xa9.txt'], 'would both write café.txt'],
  ])('may not share a file: %j', (args, message) => {
    expect(() => guard(...args)).toThrow(UsageError);
    expect(() => guard(...args)).toThrow(message);
  });

  it.each([
    [['--log-file=m.sha256', '--manifest=m']],
    [['--report=r.json', '--report=r.html', '--report=r.txt']],
    [['--report=r.json', '--report=x/r.json']],
    [['--report=R.json', '--report=r.json']],
    [['--emf=-', '--log-file=-']],
    [['--emf=-', '--manifest=-']],
    [['--log-file=events', '--emf=events']],
  ])('may have separate files, or append to one: %j', (args) => {
    expect(() => guard(...args)).not.toThrow();
  });
});
