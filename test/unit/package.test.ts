/** What is published: every file package.json names, the program and its manual. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
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
