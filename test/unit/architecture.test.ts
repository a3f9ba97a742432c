/** The layers of the program: which may import which, and who may touch the world outside. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { violations } from '../support/architecture.ts';
import { parseSource } from '../support/source-file.ts';

const ROOT = new URL('../../', import.meta.url);

type Sources = Readonly<Record<string, string>>;

function violationsOf(sources: Sources): string[] {
  return violations(Object.entries(sources).map(([path, text]) => parseSource(path, text)));
}

test('the program keeps every rule', () => {
  const names = readdirSync(new URL('src', ROOT), { encoding: 'utf8', recursive: true });
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => `src/${name}`);
  const sources = paths.map((path) => [path, readFileSync(new URL(path, ROOT), 'utf8')] as const);
  expect(violationsOf(Object.fromEntries(sources))).toEqual([]);
});

/** A module that is in order except for what its body does. */
function module(body: string): string {
  return `/** Does one thing. */\n${body}\n`;
}

function importing(name: string): string {
  return module(`import { thing } from '${name}';`);
}

describe('a layer imports only those below it', () => {
  test.each([
    ['src/model/a.ts', '../errors.ts', 'errors'],
    ['src/model/a.ts', '../policy/b.ts', 'policy'],
    ['src/policy/a.ts', '../filesystem/b.ts', 'filesystem'],
    ['src/policy/filter/a.ts', '../../flow/b.ts', 'flow'],
    ['src/filesystem/a.ts', '../policy/b.ts', 'policy'],
    ['src/filesystem/linux/a.ts', '../../phases/b.ts', 'phases'],
    ['src/flow/a.ts', '../policy/b.ts', 'policy'],
    ['src/flow/a.ts', '../filesystem/b.ts', 'filesystem'],
    ['src/phases/a.ts', '../cli/b.ts', 'cli'],
    ['src/phases/a.ts', '../sync.ts', 'sync'],
    ['src/sync.ts', './filesystem/b.ts', 'filesystem'],
    ['src/index.ts', './cli/b.ts', 'cli'],
    ['src/cli/a.ts', '../filesystem/b.ts', 'filesystem'],
    ['src/cli/a.ts', '../phases/b.ts', 'phases'],
  ])('%s may not import %s', (path, name, layer) => {
    expect(violationsOf({ [path]: importing(name) })).toEqual([`${path}: imports ${layer}`]);
  });

  test.each([
    ['a type', `import type { Thing } from '../filesystem/b.ts';`],
    ['a re-export', `export { thing } from '../filesystem/b.ts';`],
    ['an import when needed', `const thing = await import('../filesystem/b.ts');`],
    ['several lines', `import {\n  one,\n  two,\n} from '../filesystem/b.ts';`],
    ['a script to start', `const url = new URL('../filesystem/b.js', import.meta.url);`],
  ])('%s counts', (_, body) => {
    expect(violationsOf({ 'src/flow/a.ts': module(body) })).toEqual(['src/flow/a.ts: imports filesystem']);
  });

  test('what a comment mentions does not count', () => {
    const body = `// import { thing } from '../filesystem/b.ts';\n/* from '../policy/b.ts' */`;
    expect(violationsOf({ 'src/flow/a.ts': module(body) })).toEqual([]);
  });

  test('every file is in a layer', () => {
    expect(violationsOf({ 'src/utils/a.ts': module('') })).toEqual(['src/utils/a.ts: is in no layer: utils']);
  });
});

describe('a package that reaches outside stays in its layer', () => {
  test.each([
    ['src/policy/a.ts', 'node:fs'],
    ['src/phases/a.ts', 'node:fs/promises'],
    ['src/flow/a.ts', 'koffi'],
    ['src/cli/a.ts', 'koffi'],
    ['src/phases/a.ts', 'chalk'],
    ['src/phases/a.ts', 'node:child_process'],
    ['src/filesystem/a.ts', 'node:worker_threads'],
    ['src/phases/a.ts', 'ora'],
  ])('%s may not load %s', (path, name) => {
    expect(violationsOf({ [path]: importing(name) })).toEqual([`${path}: loads ${name}`]);
  });

  test('nor by require', () => {
    const body = `const koffi = createRequire(import.meta.url)('koffi');`;
    expect(violationsOf({ 'src/flow/a.ts': module(body) })).toEqual(['src/flow/a.ts: loads koffi']);
  });
});

describe('only the command line touches process and console', () => {
  test.each([
    ['src/phases/a.ts', 'process.exitCode = 1;', 'process'],
    ['src/flow/a.ts', 'console.log(1);', 'console'],
    ['src/filesystem/a.ts', "process.on('exit', stop);", 'process'],
    ['src/phases/a.ts', 'if (process.platform === system) stop();', 'process'],
    ['src/sync.ts', 'const name = `${process.title}`;', 'process'],
  ])('%s: %s', (path, body, name) => {
    expect(violationsOf({ [path]: module(body) })).toEqual([`${path}: touches ${name}`]);
  });

  test('what a string says does not count, and filesystem may ask for the platform', () => {
    const body = "const text = `the process` + 'console' + process.platform; // process";
    expect(violationsOf({ 'src/filesystem/a.ts': module(body) })).toEqual([]);
    expect(violationsOf({ 'src/cli/a.ts': module('process.exitCode = 1;') })).toEqual([]);
  });
});

describe('policy is pure and synchronous', () => {
  test.each([
    ['export async function decide() {}', 'async'],
    ['const now = Date.now();', 'Date'],
    ['const chance = Math.random();', 'Math.random'],
  ])('%s', (body, name) => {
    expect(violationsOf({ 'src/policy/a.ts': module(body) })).toEqual([
      `src/policy/a.ts: is not pure: ${name}`,
    ]);
  });
});

describe('a file', () => {
  test('opens with a comment on what it owns', () => {
    expect(violationsOf({ 'src/flow/a.ts': 'export const a = 1;\n' })).toEqual([
      'src/flow/a.ts: does not open with a comment on what it owns',
    ]);
  });

  test('has at most 250 lines', () => {
    expect(violationsOf({ 'src/flow/a.ts': module('\n'.repeat(249) + 'stop();') })).toEqual([
      'src/flow/a.ts: has 251 lines',
    ]);
    expect(violationsOf({ 'src/flow/a.ts': module('\n'.repeat(248) + 'stop();') })).toEqual([]);
  });

  test.each(['// oxlint-disable-next-line', '// @ts-ignore', 'const a = b as any;'])(
    'suppresses nothing: %s',
    (body) => {
      expect(violationsOf({ 'src/flow/a.ts': module(body) })).toEqual([
        expect.stringContaining('src/flow/a.ts: suppresses a check: '),
      ]);
    },
  );
});

test('imports form no cycle', () => {
  const sources = {
    'src/flow/a.ts': importing('./b.ts'),
    'src/flow/b.ts': importing('./c.ts'),
    'src/flow/c.ts': importing('./b.ts'),
  };
  expect(violationsOf(sources)).toEqual(['cycle: src/flow/b.ts -> src/flow/c.ts -> src/flow/b.ts']);
});
