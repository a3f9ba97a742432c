/** What is published: every file package.json names, the program and its manual, and a fixed public API. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as api from '../../src/api/index.ts';
import { linksOf } from '../support/pages.ts';

const ROOT = new URL('../../', import.meta.url);

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly man: readonly string[];
  readonly files: readonly string[];
  readonly exports: { readonly '.': Readonly<Record<string, string>> };
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

const manifest = JSON.parse(read('package.json')) as Manifest;

test.each([
  ...Object.values(manifest.bin),
  ...manifest.man,
  ...manifest.files,
  ...Object.values(manifest.exports['.']),
])('package.json names %s, which exists', (path) => {
  expect(existsSync(new URL(path, ROOT))).toBe(true);
});

describe('the packed package', () => {
  // Without scripts: packing would rebuild dist while other tests use it.
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: fileURLToPath(ROOT),
    encoding: 'utf8',
  });
  const [packed] = JSON.parse(stdout) as [{ files: readonly { path: string; mode: number }[] }];
  const paths = packed.files.map(({ path }) => path);

  test('has the program, the library and the manual', () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        'bin/efs-sync.js',
        'dist/cli/main.js',
        'dist/api/index.js',
        'dist/api/index.d.ts',
        'man/efs-sync.1',
        'docs/migration.md',
        'LICENSE',
        'README.md',
      ]),
    );
  });

  test('contains nothing else', () => {
    const wanted =
      /^(bin|dist|examples|man)\/|^docs\/(?!code\.md$)[\w-]+\.md$|^(package\.json|LICENSE|(README|CHANGELOG|SECURITY)\.md)$/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
    expect(paths.filter((path) => /\.test\.|test\//.test(path))).toEqual([]);
  });

  test('contains everything that its pages link to', () => {
    const pages = paths.filter((path) => path.endsWith('.md'));
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/troubleshooting.md']));
    const links = pages.flatMap((page) => linksOf(page).map(({ path }) => `${page}: ${path}`));
    const isThere = (path = ''): boolean =>
      paths.some((each) => each === path || each.startsWith(`${path}/`));
    expect(links.filter((link) => !isThere(link.split(': ')[1]))).toEqual([]);
  });

  test('contains a program that runs', () => {
    const program = packed.files.find(({ path }) => path === 'bin/efs-sync.js');
    expect((program?.mode ?? 0) & 0o111).toBe(0o111);
  });
});

test('the program does not require an ES module, as Node 20.0 cannot', () => {
  const files = readdirSync(new URL('dist/program', ROOT)).filter((name) => name.endsWith('.cjs'));
  const text = files.map((name) => read(`dist/program/${name}`)).join('\n');
  const names = new Set(Array.from(text.matchAll(/\brequire\("([^."]+)"\)/g), ([, name = '']) => name));
  expect(names).toContain('commander');
  const script = 'for (const name of process.argv.slice(1)) require(name)';
  const args = ['--no-experimental-require-module', '-e', script, ...names];
  expect(spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })).toMatchObject({ stderr: '' });
});

/** The names in the barrel's `export { … }` and `export type { … }`, as `name` or `type name`. */
function exportedNames(barrel: string): string[] {
  const clauses = [...barrel.matchAll(/export (type )?\{([^}]*)\}/g)];
  const names = clauses.flatMap(([, type = '', list = '']) =>
    list.split(',').map((name) => type + name.trim()),
  );
  return names.filter((name) => name !== '' && name !== 'type ').toSorted();
}

describe('the public API', () => {
  const names = exportedNames(read('src/api/index.ts'));

  test('has not changed', () => {
    expect(names).toMatchInlineSnapshot(`
      [
        "DestinationBusy",
        "Difference",
        "FatalError",
        "Interrupted",
        "LocationError",
        "StoppedAtTime",
        "TimedOut",
        "UsageError",
        "follow",
        "preflight",
        "scan",
        "sync",
        "type Below",
        "type Check",
        "type ComparedContent",
        "type CounterName",
        "type Coverage",
        "type DeleteLimit",
        "type Differences",
        "type DigestName",
        "type DirectoryRules",
        "type DirectoryTime",
        "type ErrorReason",
        "type FilterList",
        "type FilterRule",
        "type GivenOption",
        "type IncompleteReason",
        "type LeftAloneCause",
        "type Limits",
        "type ListedChange",
        "type LockHolder",
        "type MetadataName",
        "type Mount",
        "type Obstacle",
        "type Origin",
        "type Outcome",
        "type Overwrite",
        "type Path",
        "type PathKeys",
        "type Phase",
        "type PhaseTime",
        "type Preserve",
        "type Problem",
        "type ProblemClass",
        "type Provenance",
        "type Report",
        "type Reporter",
        "type RootOrigin",
        "type Rule",
        "type RuleStyle",
        "type RuleTraits",
        "type RunEvent",
        "type RunOptions",
        "type RunResult",
        "type RunStatistics",
        "type ScanTotals",
        "type Scope",
        "type Settings",
        "type Side",
        "type SizeClass",
        "type Status",
        "type SyncOptions",
        "type Tally",
        "type Task",
        "type TimeSample",
        "type Verdict",
        "type VerdictClass",
        "type VerifiedEntry",
        "type VerifyMode",
        "verify",
      ]
    `);
  });

  test('has exactly these values', () => {
    expect(Object.keys(api).toSorted()).toEqual(names.filter((name) => !name.startsWith('type ')));
  });
});
