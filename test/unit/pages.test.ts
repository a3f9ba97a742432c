/** Files, headings and scripts that the pages name exist. README is short enough to be read. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { anchorsOf, linksOf, PAGES, readPage } from '../support/pages.ts';

const ROOT = new URL('../../', import.meta.url);
const manual = readFileSync(new URL('man/efs-sync.1', ROOT), 'utf8');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as Manifest;

test('README has at most 200 lines', () => {
  expect(readPage('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});

test('README leads to each page for users', () => {
  const linked = linksOf('README.md').map(({ path }) => path);
  const wanted = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/code.md');
  expect(linked).toEqual(expect.arrayContaining(wanted));
});

test.each(PAGES)('every link in %s works', (page) => {
  const dead = linksOf(page).filter(
    ({ path, anchor }) =>
      !existsSync(new URL(path, ROOT)) || (anchor !== '' && !anchorsOf(path).includes(anchor)),
  );
  expect(dead).toEqual([]);
});

describe('named things exist', () => {
  const text = [...PAGES.map(readPage), manual].join('\n');

  test('paths of this package', () => {
    const paths = [
      ...text.matchAll(/(?<![\w/$.-])(?:\.\/)?((?:src|man|bin|test|bench|dist|docs)\/[\w./-]*\w)/g),
    ];
    const mentioned = paths.map(([, path = '']) => path);
    expect(mentioned).toContain('man/efs-sync.1');
    expect(mentioned.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });

  test('scripts to run', () => {
    const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  test('dependencies, each with its reason in the changelog', () => {
    const reasons = [...readPage('CHANGELOG.md').matchAll(/^- ([\w-]+): \w/gm)].map(([, name = '']) => name);
    expect(reasons.toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted());
  });
});
