/** Files of filter rules in directories mean what they do in rsync, for what is copied and for what is deleted. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz.ts';
import { describeWith } from '../support/requirements.ts';
import { runCli } from '../support/run-cli.ts';
import { resetTrees, test, type Trees } from '../support/scenario.ts';

const patterns = fc.constantFrom(
  ...['a', 'b', 'foo', '/a', '/b', '/foo/', '*.c', '*', '/*', '*o*', 'foo/a', 'd/', 'd', 'a/b', '/a/b'],
  ...['**/b', '/**/b', 'd/**', 'foo/***', '[ab]', '/?', 'core', 'a/*', '/d/*', '.r', 'x y', '**'],
);
const signs = fc.constantFrom(
  ...['-', '-', '+', '+', '-s', '-r', '+s', '+r', 'H', 'S', 'P', 'R', '-p', '-!', '+!', '-sr', 'P,p', '-/'],
  ...['exclude,', 'include', 'hide', 'protect_'],
);
const rule = fc
  .tuple(signs, patterns)
  .map(([sign, pattern]) => sign + (sign.endsWith('_') ? '' : ' ') + pattern);
const nested = fc.constantFrom(': .q', ':n .q', ':e .q', ':- .b', '!', 'clear', '# none', '');
const ruleFile = fc
  .array(fc.oneof({ weight: 4, arbitrary: rule }, { weight: 1, arbitrary: nested }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((rules) => rules.join('\n'));
const words = fc
  .array(fc.constantFrom('a', 'b', '*.c', '!', 'foo/', '/a', '\n'), { minLength: 1, maxLength: 4 })
  .map((all) => all.join(' '));

const FILES = ['a', 'b', 'foo', 'a.c', 'b.o', 'x y', 'core', 'd'];
const DIRECTORIES = ['', 'a/', 'foo/', 'd/', 'a/foo/', 'a/d/', 'd/foo/', 'd/d/', 'd/d/a/'];

/** Each directory: which of the files it has, and its rules; undefined: it is not there. */
const directory = fc.option(
  fc.record({
    files: fc.subarray(FILES),
    rules: fc.record(
      { '.r': ruleFile, '.q': ruleFile, '.b': words, '.cvsignore': words, '.rsync-filter': ruleFile },
      { requiredKeys: [] },
    ),
  }),
  { freq: 3, nil: undefined },
);
const tree = fc.tuple(...DIRECTORIES.map(() => directory));

const merges = fc.constantFrom(
  ...[': .r', ':n .r', ':e .r', ':s .r', ':r .r', ':- .b', ':w- .b', ':nw+ .b', ':C .b', ': /.r', ':p .r'],
  ...['dir-merge .q', ':/ .r', ':+ .b', ':C', '-C', '!'],
);
const filterOption = fc
  .oneof({ weight: 1, arbitrary: merges }, { weight: 1, arbitrary: rule })
  .map((text) => ['-f', text]);
const option = fc.oneof(
  { weight: 6, arbitrary: filterOption },
  { weight: 1, arbitrary: fc.constantFrom(['-F'], ['-FF'], ['-C'], ['--exclude=a']) },
);
const deletion = fc.constantFrom<string[]>([], ['--delete'], ['--delete'], ['--delete-excluded']);

const input = fc.record({
  source: tree,
  destination: tree,
  above: fc.option(ruleFile, { freq: 2, nil: undefined }),
  options: fc.array(option, { minLength: 1, maxLength: 4 }).map((all) => all.flat()),
  deletion,
});

type Drawn = typeof input extends fc.Arbitrary<infer Value> ? Value : never;

/** What such a rule excludes inside a file of a directory rsync protects even with --delete-excluded. */
function withoutSelf(text: string, { deletion: given }: Drawn): string {
  return given.includes('--delete-excluded') ? text.replaceAll(':e .q', ': .q') : text;
}

function makeTree(root: string, drawn: Drawn['source'], all: Drawn): void {
  for (const [index, path] of DIRECTORIES.entries()) {
    const held = drawn[index];
    if (held === undefined) continue;
    mkdirSync(join(root, path), { recursive: true });
    for (const name of held.files) {
      const isDirectory = DIRECTORIES.some(
        (each, at) => drawn[at] !== undefined && each.startsWith(`${path}${name}/`),
      );
      if (!isDirectory) writeFileSync(join(root, path, name), '');
    }
    for (const [name, text] of Object.entries(held.rules)) {
      writeFileSync(join(root, path, name), `${withoutSelf(text, all)}\n`);
    }
  }
}

function pathsIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted();
}

/** Undefined: it refused a rule. */
function pathsOfRsync({ source, destination }: Trees, args: readonly string[]): string[] | undefined {
  try {
    execFileSync('rsync', ['-a', ...args, `${source}/`, destination], { cwd: '/', stdio: 'pipe' });
  } catch {
    return undefined;
  }
  return pathsIn(destination);
}

/** Every entry is excluded, so nothing is deleted. */
const REFUSED = 3;

describeWith(['rsync'], 'beside rsync', () => {
  test('files of rules', { timeout: FUZZ_TIMEOUT_MS }, async ({ memoryTrees: trees }) => {
    await fuzz('files of rules in directories', { input, share: 0.2, atOnce: 10 }, async (drawn) => {
      resetTrees(trees);
      const { source, destination, directory: above } = trees;
      rmSync(join(above, '.r'), { force: true });
      makeTree(source, drawn.source, drawn);
      if (drawn.above !== undefined) writeFileSync(join(above, '.r'), `${withoutSelf(drawn.above, drawn)}\n`);
      const args = [...drawn.options, ...drawn.deletion];
      // Both have the same path, as rules may be of it.
      makeTree(destination, drawn.destination, drawn);
      const expected = pathsOfRsync(trees, args);
      rmSync(destination, { recursive: true });
      mkdirSync(destination);
      makeTree(destination, drawn.destination, drawn);
      const { status, output } = await runCli(['-a', ...args, source, destination]);
      if (expected === undefined || status === REFUSED) return;
      expect({ paths: pathsIn(destination), status, output }).toEqual({ paths: expected, status: 0, output });
    });
  });
});
