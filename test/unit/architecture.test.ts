/**
 * The rooms of the program: which may import which, how many files they hold, and which may touch the outside
 * world.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { violations } from '../support/architecture.ts';
import { parseSource, type SourceFile } from '../support/source-file.ts';

const ROOT = new URL('../../', import.meta.url);

type Sources = Readonly<Record<string, string>>;

function program(): SourceFile[] {
  const names = readdirSync(new URL('src', ROOT), { encoding: 'utf8', recursive: true });
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => `src/${name}`);
  return paths.map((path) => parseSource(path, readFileSync(new URL(path, ROOT), 'utf8')));
}

function violationsOf(sources: Sources): string[] {
  return violations(Object.entries(sources).map(([path, text]) => parseSource(path, text)));
}

test('the program obeys every rule', () => {
  expect(violations(program())).toEqual([]);
});

test('docs/code.md has a sentence for each room, and no room imports one below it there', () => {
  const page = readFileSync(new URL('docs/code.md', ROOT), 'utf8');
  const rooms = [...page.matchAll(/^\| \[[\w/-]+\]\(\.\.\/(src[\w/-]*)\)/gm)].map(([, room = '']) => room);
  const files = program();
  expect(rooms.toSorted()).toEqual([...new Set(files.map(({ path }) => posix.dirname(path)))].toSorted());
  const upward = files.flatMap(({ path, imports }) =>
    imports
      .filter((other) => rooms.indexOf(posix.dirname(other)) > rooms.indexOf(posix.dirname(path)))
      .map((other) => `${path}: imports ${other}`),
  );
  expect(upward).toEqual([]);
});

/** A module without faults except those in its body. */
function module(body: string): string {
  return `/** Does one thing. */\n${body}\n`;
}

function importing(name: string): string {
  return module(`import { thing } from '${name}';`);
}

describe('a room imports only those below it', () => {
  test.each([
    ['src/model/run/a.ts', '../../linux/b.ts', 'linux'],
    ['src/model/a.ts', '../policy/b.ts', 'policy'],
    ['src/policy/a.ts', '../filesystem/b.ts', 'filesystem'],
    ['src/policy/filter/a.ts', '../../flow/b.ts', 'flow'],
    ['src/filesystem/a.ts', '../policy/b.ts', 'policy'],
    ['src/linux/a.ts', '../filesystem/b.ts', 'filesystem'],
    ['src/engine/march/a.ts', '../../phases/b.ts', 'phases'],
    ['src/phases/a.ts', '../run/b.ts', 'run'],
    ['src/report/a.ts', '../filesystem/b.ts', 'filesystem'],
    ['src/report/text/a.ts', '../../cli/b.ts', 'cli'],
    ['src/flow/a.ts', '../policy/b.ts', 'policy'],
    ['src/flow/a.ts', '../filesystem/b.ts', 'filesystem'],
    ['src/phases/a.ts', '../cli/b.ts', 'cli'],
    ['src/phases/a.ts', '../sync.ts', 'sync'],
    ['src/sync.ts', './filesystem/b.ts', 'filesystem'],
    ['src/api/a.ts', '../phases/b.ts', 'phases'],
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

  test('every file is in a room', () => {
    expect(violationsOf({ 'src/utils/a.ts': module('') })).toEqual(['src/utils/a.ts: is in no room: utils']);
  });
});

test("the command line reads the operator's files only through one folder", () => {
  const sources = { 'src/cli/a.ts': importing('../filesystem/operator-files/b.ts') };
  expect(violationsOf(sources)).toEqual([]);
});

describe('a package that reaches outside stays in its room', () => {
  test.each([
    ['src/policy/a.ts', 'node:fs'],
    ['src/phases/a.ts', 'node:fs/promises'],
    ['src/flow/a.ts', 'koffi'],
    ['src/cli/a.ts', 'koffi'],
    ['src/filesystem/a.ts', 'koffi'],
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

describe('only the command line and reports touch process and console', () => {
  test.each([
    ['src/phases/a.ts', 'process.exitCode = 1;', 'process'],
    ['src/flow/a.ts', 'console.log(1);', 'console'],
    ['src/filesystem/a.ts', "process.on('exit', stop);", 'process'],
    ['src/phases/a.ts', 'if (process.platform === system) stop();', 'process'],
    ['src/sync.ts', 'const name = `${process.title}`;', 'process'],
  ])('%s: %s', (path, body, name) => {
    expect(violationsOf({ [path]: module(body) })).toEqual([`${path}: touches ${name}`]);
  });

  test('what a string says does not count, and system calls may ask for the platform', () => {
    const body = "const text = `the process` + 'console' + process.platform; // process";
    expect(violationsOf({ 'src/linux/a.ts': module(body) })).toEqual([]);
    expect(violationsOf({ 'src/cli/a.ts': module('process.exitCode = 1;') })).toEqual([]);
  });
});

test('no two files have one name', () => {
  const sources = empty(['src/flow/a.ts', 'src/policy/filter/a.ts']);
  expect(violationsOf(sources)).toEqual(['src/policy/filter/a.ts: has the name of src/flow/a.ts']);
});

test('phases make no system call', () => {
  const sources = { 'src/phases/syncing/a.ts': module('await linux.unlinkat(fd, name, 0);') };
  expect(violationsOf(sources)).toEqual(['src/phases/syncing/a.ts: makes a system call: linux.unlinkat']);
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

describe('only the table of file systems judges types by their names', () => {
  test.each([
    "const isInMemory = mount?.fileSystemType === 'tmpfs';",
    "if ('ext4' !== mount.fileSystemType) stop();",
    "const isNfs = mount?.fileSystemType.startsWith('nfs') === true;",
    "const isNfs = mount.fileSystemType?.startsWith('nfs');",
    'const isRemote = REMOTE_TYPES.has(mount.fileSystemType);',
    'const isFuse = /^fuse/.test(fileSystemType);',
    "const granularityNs = GRANULARITY_NS[fileSystemType ?? ''];",
    "switch (mount.fileSystemType) {\n  case 'nfs':\n}",
  ])('%s', (body) => {
    expect(violationsOf({ 'src/filesystem/a.ts': module(body) })).toEqual([
      'src/filesystem/a.ts: judges a type of file system by its name',
    ]);
    expect(violationsOf({ 'src/model/file-systems.ts': module(body) })).toEqual([]);
  });

  test.each([
    'const what = `${mount.fileSystemType} at ${mount.mountPoint}`;',
    'const [fileSystemType, source, superOptions] = fields.slice(dash + 1);',
    'if (mountPoint === undefined || fileSystemType === undefined) stop();',
    'const { isRemote } = fileSystemOf({ fileSystemType });',
  ])('other code may show it and pass it on: %s', (body) => {
    expect(violationsOf({ 'src/filesystem/a.ts': module(body) })).toEqual([]);
  });
});

describe('a file', () => {
  test('starts with a comment on its purpose', () => {
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

function importingAt(path: string, imported: string): string {
  const name = posix.relative(posix.dirname(path), imported);
  return importing(name.startsWith('.') ? name : `./${name}`);
}

describe('folders form no cycle, though their files do not', () => {
  test.each([
    ['beside each other', 'src/flow/one/a.ts', 'src/flow/two/b.ts', 'src/flow/two/c.ts', 'src/flow/one/d.ts'],
    ['in each other', 'src/flow/a.ts', 'src/flow/in/b.ts', 'src/flow/in/c.ts', 'src/flow/d.ts'],
    ['below', 'src/flow/one/a/a.ts', 'src/flow/two/b/b.ts', 'src/flow/two/c/c.ts', 'src/flow/one/d/d.ts'],
  ])('%s', (_, ...[a, b, c, d]) => {
    const sources = { [a]: importingAt(a, b), [b]: module(''), [c]: importingAt(c, d), [d]: module('') };
    expect(violationsOf(sources)).toEqual([expect.stringMatching(/^cycle: src\/flow(\/\w+)? -> /)]);
  });
});

test('a folder holds at most 25 files, and there are at most 13 rooms', () => {
  const flow = Array.from({ length: 26 }, (_, index) => `src/flow/a${index}.ts`);
  expect(violationsOf(empty(flow.slice(1)))).toEqual([]);
  expect(violationsOf(empty(flow))).toEqual(['src/flow: has 26 files']);
  const rooms = Array.from({ length: 14 }, (_, index) => `src/room${index}/a${index}.ts`);
  expect(violationsOf(empty(rooms))).toContain('src: has 14 rooms');
});

function empty(paths: readonly string[]): Sources {
  return Object.fromEntries(paths.map((path) => [path, module('')]));
}
