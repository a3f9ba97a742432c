/** What is published: every file package.json names, the program and its manual, and a fixed public API. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as api from '../../src/index.ts';

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
  // No scripts: packing would build dist anew under the feet of the other tests.
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
        'dist/index.js',
        'dist/index.d.ts',
        'man/efs-sync.1',
        'docs/migration.md',
        'LICENSE',
        'README.md',
      ]),
    );
  });

  test('has nothing else', () => {
    const wanted =
      /^(bin|dist|examples|man)\/|^(package\.json|LICENSE|README\.md|CHANGELOG\.md|docs\/migration\.md)$/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
    expect(paths.filter((path) => /\.test\.|test\//.test(path))).toEqual([]);
  });

  test('has a program that can be run', () => {
    const program = packed.files.find(({ path }) => path === 'bin/efs-sync.js');
    expect((program?.mode ?? 0) & 0o111).toBe(0o111);
  });
});

test('the program requires no ES module, which Node 20.0 could not', () => {
  const files = readdirSync(new URL('dist/program', ROOT)).filter((name) => name.endsWith('.cjs'));
  const text = files.map((name) => read(`dist/program/${name}`)).join('\n');
  const names = new Set(Array.from(text.matchAll(/\brequire\("([^."]+)"\)/g), ([, name = '']) => name));
  expect(names).toContain('commander');
  const script = 'for (const name of process.argv.slice(1)) require(name)';
  const args = ['--no-experimental-require-module', '-e', script, ...names];
  expect(spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })).toMatchObject({ stderr: '' });
});

/** What the barrel's `export { … }` and `export type { … }` name, as `name` or `type name`. */
function exportedNames(barrel: string): string[] {
  const clauses = [...barrel.matchAll(/export (type )?\{([^}]*)\}/g)];
  const names = clauses.flatMap(([, type = '', list = '']) =>
    list.split(',').map((name) => type + name.trim()),
  );
  return names.filter((name) => name !== '' && name !== 'type ').toSorted();
}

describe('the public API', () => {
  const names = exportedNames(read('src/index.ts'));

  test('is what it was', () => {
    expect(names).toMatchInlineSnapshot(`
      [
        "DEFAULT_SETTINGS",
        "DestinationBusy",
        "Difference",
        "FatalError",
        "Interrupted",
        "LocationError",
        "TimedOut",
        "UsageError",
        "packPaths",
        "preflight",
        "sync",
        "type Check",
        "type CounterName",
        "type DeleteLimit",
        "type Differences",
        "type DigestName",
        "type DirectoryTime",
        "type ErrorReason",
        "type FilterRule",
        "type IncompleteReason",
        "type Limits",
        "type ListedChange",
        "type LockHolder",
        "type Outcome",
        "type Overwrite",
        "type PathKeys",
        "type Phase",
        "type PhaseTime",
        "type Preserve",
        "type Problem",
        "type ProblemClass",
        "type Report",
        "type Reporter",
        "type RunContext",
        "type RunStatistics",
        "type Settings",
        "type Side",
        "type SizeClass",
        "type Status",
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

  test('has those values and no others', () => {
    expect(Object.keys(api).toSorted()).toEqual(names.filter((name) => !name.startsWith('type ')));
  });
});
