/**
 * docs/troubleshooting.md repeats the advice of reports word for word: `npx vitest run test/unit/advice-page
 * -u` writes it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import {
  DestinationBusy,
  FatalError,
  LocationError,
  TimedOut,
  UsageError,
} from '../../src/model/run/errors.ts';
import type { Problem } from '../../src/model/run/problem.ts';
import { adviceOnError, adviceOnProblem } from '../../src/report/text/advice.ts';
import { adviceOnVerdict } from '../../src/report/text/verdict-advice.ts';
import { VERDICT_CLASSES } from '../../src/model/run/verdict.ts';
import { PROBLEM } from '../support/reports.ts';

const PAGE = fileURLToPath(new URL('../../docs/troubleshooting.md', import.meta.url));
const SOURCE = readFileSync(new URL('../../src/report/text/advice.ts', import.meta.url), 'utf8');

/** The error codes that have advice. */
const CODES = [...new Set(Array.from(SOURCE.matchAll(/\bE[A-Z]{2,}(?=:)/g), ([code]) => code))];

function adviceOn(facts: Partial<Problem>): string {
  return adviceOnProblem({
    ...PROBLEM,
    class: 'failed',
    attempt: 'copy',
    code: '',
    side: 'source',
    ...facts,
  });
}

function adviceOnCode(code: string): string {
  return adviceOnError(new LocationError('', { code })) ?? '';
}

const ERRORS = {
  'the command line or the task file is wrong': new UsageError(''),
  'a side cannot be used': new LocationError(''),
  'the run could not continue': new FatalError(''),
  'no progress for as long as `--timeout` allows': new TimedOut(''),
  'another sync is running': new DestinationBusy(''),
  'a bug in efs-sync': new TypeError(''),
};

/** “efs-sync verify”, or an option. */
const COMMAND = /“((?:man )?efs-sync[^”]*)”|(--[\w-]+(?:=\w+)?)/g;

/** Merges rows with the same advice, and lists all their names. */
function table(header: readonly string[], rows: readonly (readonly [string, ...string[]])[]): string {
  const names = new Map<string, string[]>();
  for (const [name, ...advice] of rows) {
    const key = advice.join(' | ').replaceAll(COMMAND, '`$1$2`');
    names.set(key, [...(names.get(key) ?? []), name]);
  }
  const lines = Array.from(names, ([advice, all]) => `| ${all.join(', ')} | ${advice} |`);
  return [`| ${header.join(' | ')} |`, `|${' - |'.repeat(header.length)}`, ...lines, ''].join('\n');
}

function withCodes(advise: (code: string) => string, otherwise: string): [string, string][] {
  return CODES.map((code): [string, string] => [`\`${code}\``, advise(code)]).filter(
    ([, advice]) => advice !== otherwise,
  );
}

function section(): string {
  const onEither = (code: string): string => adviceOn({ code });
  const onDestination = (code: string): string => adviceOn({ code, side: 'destination' });
  return [
    'Differences:\n',
    table(
      ['difference', 'after a sync', 'after `efs-sync verify`'],
      VERDICT_CLASSES.map((name) => [name, adviceOnVerdict(name, 'sync'), adviceOnVerdict(name, 'verify')]),
    ),
    'Paths that failed, by the name of the error:\n',
    table(
      ['error', 'what to do'],
      [
        ...withCodes(onEither, adviceOn({})),
        ['any other', adviceOn({})],
        ['a path of `--files-from` that was not found', adviceOn({ attempt: 'find' })],
      ],
    ),
    'At the destination these errors mean something else:\n',
    table(
      ['error', 'what to do'],
      withCodes(onDestination, adviceOn({})).filter(
        ([name, advice]) => onEither(name.slice(1, -1)) !== advice,
      ),
    ),
    'Paths that moved while the run worked:\n',
    table(
      ['path', 'what to do'],
      (['vanished', 'changed'] as const).map((name) => [name, adviceOn({ class: name })]),
    ),
    'Errors that end a run:\n',
    table(
      ['error', 'what to do'],
      [
        ...Object.entries(ERRORS).map(([name, error]): [string, string] => [
          name,
          adviceOnError(error) ?? '',
        ]),
        ...withCodes(adviceOnCode, adviceOnError(new LocationError('')) ?? ''),
      ],
    ),
  ].join('\n');
}

test('the page has the advice of reports', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', after = ''] = page.split(/(?<=<!-- advice: begin -->\n)[^]*(?=<!-- advice: end -->)/);
  expect(after).not.toBe('');
  const text = `${before}\n${section()}\n${after}`;
  const config = await resolveConfig(PAGE);
  await expect(await format(text, { ...config, filepath: PAGE })).toMatchFileSnapshot(PAGE);
});
