/** Help, manual and pages agree: options, exit statuses, JSON events, hooks. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/options/command.ts';
import { flagsText } from '../../src/cli/options/table/option-declaration.ts';
import { ExitStatus } from '../../src/report/exit-status.ts';
import { PRESERVE_WORDS } from '../../src/cli/options/table/preserve-list.ts';
import { RSYNC_OPTIONS } from '../../src/cli/options/table/rsync-options.ts';
import { REFUSED } from '../../src/cli/options/table/rsync-refusals.ts';
import { dataSyncSchema } from '../../src/cli/task-file/data-sync.ts';
import { OWN_KEYS } from '../../src/cli/task-file/keys.ts';
import { Difference } from '../../src/model/change.ts';
import { readPage } from '../support/pages.ts';

const ROOT = new URL('../../', import.meta.url);
const manual = readFileSync(new URL('man/efs-sync.1', ROOT), 'utf8');
const taskManual = readFileSync(new URL('man/efs-sync-task.5', ROOT), 'utf8');
const fromRsync = readPage('docs/from-rsync.md');
const scripting = readPage('docs/scripting.md');

function sectionOf(title: string): string {
  const [, section] = manual.split(`.Sh ${title}\n`);
  if (section === undefined) throw new Error(`the manual has no section ${title}`);
  return section.split('\n.Sh ')[0] ?? '';
}

/** `.It Fl n , Fl -dry-run` -> `-n, --dry-run`; `Ns = Ns Ar FILE` -> `=FILE`. */
function optionsInManual(): string[] {
  return [...sectionOf('OPTIONS').matchAll(/^\.It (Fl .*)$/gm)].map(([, item = '']) =>
    item
      .replaceAll(/Fl (\S+)/g, '-$1')
      .replaceAll(' ,', ',')
      .replace(' Ns = Ns Ar ', '=')
      .replace(/ Ns Op = Ns Ar (\S+)$/, '[=$1]'),
  );
}

function optionsOnPage(): string[] {
  return [...tableOfOptions.matchAll(/^\| `(-[^`]*)`/gm)].map(([, flags = '']) =>
    flags.replaceAll('\\|', '|'),
  );
}

const [, tableOfOptions = ''] = fromRsync.split('\n## Options\n');
const { program } = createProgram();
const help = program.createHelp();
const declared = help.visibleOptions(program).map(({ flags }) => flagsText(flags));

describe('options', () => {
  test('are those of the program, in the manual', () => {
    expect(optionsInManual().toSorted()).toEqual(declared.toSorted());
  });

  test('are those of the program, in docs/from-rsync.md', () => {
    expect(optionsOnPage().toSorted()).toEqual(declared.toSorted());
  });

  test('are described there as in --help', () => {
    const missing = program.options
      .filter(({ hidden }) => !hidden)
      .map(({ description }) => description)
      .filter((description) => !tableOfOptions.includes(`| ${description} `));
    expect(missing).toEqual([]);
  });

  test('accept only values that the manual names', () => {
    const words = program.options.flatMap(({ argChoices }) => argChoices ?? []);
    const text = sectionOf('OPTIONS');
    const missing = [...words, ...PRESERVE_WORDS].filter(
      (word) => !new RegExp(`Cm (.*,)?${word}\\b`).test(text),
    );
    expect(missing).toEqual([]);
  });
});

describe('options of rsync', () => {
  const [, section = ''] = fromRsync.split('\n## Command lines translated\n');
  const [page = ''] = section.split('\n## ');
  const rows = [...page.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)].map(([, flags = '', text = '']) => ({
    flags: [...flags.matchAll(/`([^`]*)`/g)].map(([, flag = '']) => flag),
    text: text.replaceAll('`', ''),
  }));

  test('are in docs/from-rsync.md', () => {
    expect(RSYNC_OPTIONS.filter(({ flags }) => !page.includes(`\`${flags}\``))).toEqual([]);
  });

  test('are refused there with the reason that the program gives', () => {
    const reasons = REFUSED.map(({ flags }) => [flags, rows.find((row) => row.flags.includes(flags))?.text]);
    expect(reasons).toEqual(REFUSED.map(({ flags, reason }) => [flags, reason]));
  });

  test('are in the manual', () => {
    const items = [...sectionOf('OPTIONS OF RSYNC').matchAll(/^\.It (Fl .*)$/gm)].flatMap(([, item = '']) =>
      item.split(' , ').map((flag) => flag.replace(/^Fl (\S+)/, '-$1').replace(' Ns = Ns Ar ', '=')),
    );
    const all = RSYNC_OPTIONS.flatMap(({ flags }) => flags.split(', '));
    expect(items.toSorted()).toEqual(all.toSorted());
  });
});

describe('keys of a task file', () => {
  test('are in its manual', () => {
    const items = [...taskManual.matchAll(/^\.It Cm ([a-z]+)$/gm)].map(([, key = '']) => key);
    const hooks = ['before', 'after'];
    expect(items.toSorted()).toEqual([...OWN_KEYS.map(({ name }) => name), ...hooks].toSorted());
  });

  test('of DataSync are, too', () => {
    const { Options } = dataSyncSchema() as { Options: { properties: object } };
    const names = ['Name', 'Schedule', 'Excludes', ...Object.keys(Options.properties)];
    expect(names.filter((name) => !new RegExp(`Cm (\\w+ , )?${name}\\b`).test(taskManual))).toEqual([]);
  });
});

describe('exit statuses', () => {
  const all = Object.values(ExitStatus).toSorted((one, other) => one - other);

  test('are in the manual', () => {
    const items = [...sectionOf('EXIT STATUS').matchAll(/^\.It (\d+)$/gm)].map(([, status]) =>
      Number(status),
    );
    expect(items).toEqual(all);
  });

  test.each([['README.md'], ['docs/migration.md'], ['docs/scripting.md']])('are in %s', (page) => {
    const rows = [...readPage(page).matchAll(/^\| (\d+) +\|/gm)].map(([, status]) => Number(status));
    expect(rows).toEqual(all);
  });
});

describe('JSON events', () => {
  const section = sectionOf('JSON EVENTS');

  test('name every difference', () => {
    expect(Object.keys(Difference).filter((name) => !section.includes(`"${name}"`))).toEqual([]);
  });

  const sources = [
    'reporters/json.ts',
    'json/to-json.ts',
    'json/explanation-to-json.ts',
    'status/history-to-json.ts',
  ];
  const code = sources.map((path) => readFileSync(new URL(`src/report/${path}`, ROOT), 'utf8')).join('');
  const matches = [...code.matchAll(/(?:print\(|event: )'(\w+)'/g)];
  const events = [...new Set(matches.map(([, event = '']) => event))].toSorted();

  test('are those of the program', () => {
    const items = [...section.matchAll(/^\.It Qq (\w+)$/gm)].map(([, event = '']) => event);
    expect(items.toSorted()).toEqual(events);
  });

  test('are in docs/scripting.md, with members from the manual', () => {
    const [, page = ''] = scripting.split('\n## JSON\n');
    const rows = [...(page.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` .*\|([^|]*)\|$/gm)];
    expect(rows.map(([, event = '']) => event).toSorted()).toEqual(events);
    const members = rows.flatMap(([, , cell = '']) =>
      Array.from(cell.matchAll(/`(\w+)`/g), ([, name]) => name),
    );
    const unknown = members.filter(
      (name) => !new RegExp(`^\\.(Va|Pf \\( Va) .*\\b${name}\\b`, 'm').test(section),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the variables of hooks', () => {
  const hooks = readFileSync(new URL('src/cli/hooks.ts', ROOT), 'utf8');
  const given = [...hooks.matchAll(/\bEFS_SYNC_\w+(?=:)/g)].map(([name]) => name).toSorted();

  test('are in the manual of task files', () => {
    const items = [...taskManual.matchAll(/^\.It Ev (.*)$/gm)].flatMap(([, names = '']) =>
      names.split(' , '),
    );
    expect(items.toSorted()).toEqual(given);
  });

  test('are in docs/scripting.md', () => {
    const rows = [...scripting.matchAll(/^\| `(EFS_SYNC_\w+)`/gm)].map(([, name = '']) => name);
    expect(rows.toSorted()).toEqual(given);
  });
});

test('each command has a section of its own in the manual', () => {
  const titles = program.commands.map((command) => command.name().toUpperCase());
  expect(
    titles.filter((title) => !manual.includes(`\n.Sh ${title}\n.Nm Cm ${title.toLowerCase()}\n`)),
  ).toEqual([]);
  expect(sectionOf('QUICK START')).toContain('.Dl efs-sync ');
});

const hasMandoc = spawnSync('mandoc', ['-T', 'lint', '/dev/null']).error === undefined;

const MANUALS = ['man/efs-sync.1', 'man/efs-sync-task.5'];

test.skipIf(!hasMandoc).each(MANUALS)('%s fits into 80 columns (needs mandoc)', (path) => {
  const args = ['-T', 'utf8', '-O', 'width=80', path];
  const { stdout } = spawnSync('mandoc', args, { cwd: ROOT, encoding: 'utf8' });
  // Bold is a letter, a backspace and the same letter.
  const lines = stdout.replaceAll(/.\x08/gu, '').split('\n');
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test.skipIf(!hasMandoc)('mandoc finds no mistake in the manuals (needs mandoc)', () => {
  const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'style', ...MANUALS], { cwd: ROOT });
  // References to other manuals depend on what is installed.
  const complaints = stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !/ not found: Xr /.test(line));
  expect(complaints).toEqual([]);
});
