/** Help, manual and README tell the same: options, exit statuses, JSON events, and paths that exist. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProgram, flagsText } from '../../src/cli/command.ts';
import { ExitStatus } from '../../src/cli/exit-status.ts';
import { PRESERVE_WORDS } from '../../src/cli/preserve-list.ts';
import { dataSyncSchema } from '../../src/cli/task-file/data-sync.ts';
import { OWN_KEYS } from '../../src/cli/task-file/keys.ts';
import { Difference } from '../../src/model/change.ts';

const ROOT = new URL('../../', import.meta.url);
const manual = readFileSync(new URL('man/efs-sync.1', ROOT), 'utf8');
const readme = readFileSync(new URL('README.md', ROOT), 'utf8');
const taskManual = readFileSync(new URL('man/efs-sync-task.5', ROOT), 'utf8');
const guide = readFileSync(new URL('docs/migration.md', ROOT), 'utf8');
const changelog = readFileSync(new URL('CHANGELOG.md', ROOT), 'utf8');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as Manifest;

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

function optionsInReadme(): string[] {
  return [...readme.matchAll(/^\| `(-[^`]*)`/gm)].map(([, flags = '']) => flags.replaceAll('\\|', '|'));
}

const { program } = createProgram();
const help = program.createHelp();
const declared = help.visibleOptions(program).map(({ flags }) => flagsText(flags));

describe('options', () => {
  test('are those of the program, in the manual', () => {
    expect(optionsInManual().toSorted()).toEqual(declared.toSorted());
  });

  test('are those of the program, in README', () => {
    expect(optionsInReadme().toSorted()).toEqual(declared.toSorted());
  });

  test('are described in README as --help does', () => {
    const missing = program.options
      .filter(({ hidden }) => !hidden)
      .map(({ description }) => description)
      .filter((description) => !readme.includes(`| ${description} `));
    expect(missing).toEqual([]);
  });

  test('choose among values that the manual names', () => {
    const words = program.options.flatMap(({ argChoices }) => argChoices ?? []);
    const text = sectionOf('OPTIONS');
    const missing = [...words, ...PRESERVE_WORDS].filter(
      (word) => !new RegExp(`Cm (.*,)?${word}\\b`).test(text),
    );
    expect(missing).toEqual([]);
  });
});

describe('keys of a task file', () => {
  test('are in its manual', () => {
    const items = [...taskManual.matchAll(/^\.It Cm ([a-z]+)$/gm)].map(([, key = '']) => key);
    const hooks = ['before', 'after'];
    expect(items.toSorted()).toEqual([...OWN_KEYS.map(({ name }) => name), ...hooks].toSorted());
  });

  test('that DataSync has are, too', () => {
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

  test.each([
    ['README', readme],
    ['the migration guide', guide],
  ])('are in %s', (_, text) => {
    const rows = [...text.matchAll(/^\| (\d+) +\|/gm)].map(([, status]) => Number(status));
    expect(rows).toEqual(all);
  });
});

describe('JSON events', () => {
  const section = sectionOf('JSON EVENTS');

  test('name every difference', () => {
    expect(Object.keys(Difference).filter((name) => !section.includes(`"${name}"`))).toEqual([]);
  });

  test('are those of the program', () => {
    const sources = ['reporters/json.ts', 'format/to-json.ts', 'format/history-to-json.ts'];
    const code = sources.map((path) => readFileSync(new URL(`src/cli/${path}`, ROOT), 'utf8')).join('');
    const events = [...code.matchAll(/(?:print\(|event: )'(\w+)'/g)].map(([, event = '']) => event);
    const items = [...section.matchAll(/^\.It Qq (\w+)$/gm)].map(([, event = '']) => event);
    expect(items.toSorted()).toEqual([...new Set(events)].toSorted());
  });
});

describe('what is named exists', () => {
  test.each(['README.md', 'docs/migration.md', 'docs/code.md'])('paths that %s links to', (name) => {
    const page = new URL(name, ROOT);
    const text = readFileSync(page, 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((path) => !existsSync(new URL(path, page)))).toEqual([]);
  });

  test('paths of this package that README and the manual mention', () => {
    const text = `${readme}\n${manual}\n${changelog}`;
    const paths = [...text.matchAll(/(?<![\w/$.-])(?:\.\/)?((?:src|man|bin|test|bench|dist)\/[\w./-]*\w)/g)];
    const mentioned = paths.map(([, path = '']) => path);
    expect(mentioned).toContain('man/efs-sync.1');
    expect(mentioned.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });

  test('scripts that README says to run', () => {
    const scripts = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  test('dependencies, each with its reason in the changelog', () => {
    const reasons = [...changelog.matchAll(/^- ([\w-]+): \w/gm)].map(([, name = '']) => name);
    expect(reasons.toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted());
  });
});

const hasMandoc = spawnSync('mandoc', ['-T', 'lint', '/dev/null']).error === undefined;

test.skipIf(!hasMandoc)('the manuals have no mistakes that mandoc knows (needs mandoc)', () => {
  const manuals = ['man/efs-sync.1', 'man/efs-sync-task.5'];
  const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'style', ...manuals], { cwd: ROOT });
  // Which other manuals are installed is the machine's business.
  const complaints = stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !/ not found: Xr /.test(line));
  expect(complaints).toEqual([]);
});
