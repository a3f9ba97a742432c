/** The worker whose calls block is the same code without async and await, or the build fails. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { beforeEach, describe, expect, test } from 'vitest';
import { blocking } from '../../../build/blocking.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(process.env['EFS_SYNC_TEST_DISK'] as string, 'build-'));
  mkdirSync(join(directory, 'flow'));
});

/** Builds `main.js` and its imports, and returns its export `result`. */
async function resultOf(modules: Readonly<Record<string, string>>): Promise<unknown> {
  for (const [path, text] of Object.entries(modules)) writeFileSync(join(directory, path), text);
  const bundle = await rolldown({
    input: join(directory, 'main.js'),
    plugins: [blocking()],
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm' });
  const built = (await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)) as {
    result: unknown;
  };
  return built.result;
}

describe('returns plain values for', () => {
  test.each([
    ['a function', 'async function f() { return (await 2) + (await 3); } export const result = f();', 5],
    ['an arrow', 'const f = async (x) => (await x) * 2; export const result = f(21);', 42],
    [
      'a method, a private and a static one',
      `class C { async a() { return await this.#b(); } async #b() { return C.c(); } static async c() { return 7; } }
       export const result = new C().a();`,
      7,
    ],
    ['a method of an object', 'const o = { async m() { return 3; } }; export const result = o.m();', 3],
    [
      'a generator',
      `async function* g() { yield await 1; yield 2; }
       async function f() { let sum = 0; for await (const x of g()) sum += x; return sum; }
       export const result = f();`,
      3,
    ],
    [
      'what failed',
      `async function f() { throw new Error('no'); }
       async function g() { try { return await f(); } catch (error) { return error.message; } }
       export const result = g();`,
      'no',
    ],
    [
      'words that only look like it',
      `const f = async () => ({ async: 1, text: 'await async ' }); export const result = JSON.stringify(f());`,
      '{"async":1,"text":"await async "}',
    ],
  ])('%s', async (_, text, result) => {
    expect(await resultOf({ 'main.js': text })).toBe(result);
  });

  test('a module with a twin', async () => {
    const main = `import { sleep } from './flow/sleep.js'; const f = async () => await sleep(); export const result = f();`;
    const waiting = 'export const sleep = () => new Promise(() => {});';
    const twin = `export const sleep = () => 'slept';`;
    expect(
      await resultOf({ 'main.js': main, 'flow/sleep.js': waiting, 'flow/sleep.blocking.js': twin }),
    ).toBe('slept');
  });
});

test('leaves a module unchanged that asks for it', async () => {
  const main = `/** Reads. @waits for it */\nconst f = async () => await Promise.resolve(1); export const result = await f();`;
  expect(await resultOf({ 'main.js': main })).toBe(1);
});

describe('stops at', () => {
  test.each([
    [
      'an await of what a package gives',
      `import { read } from 'some-package'; export const f = async () => await read(1);`,
      /main\.js: an await of read cannot block/,
    ],
    [
      'one of its parts',
      `import * as fs from 'node:fs'; export const f = async () => await fs.promises.stat('a').size;`,
      /main\.js: an await of fs cannot block/,
    ],
    [
      'a loop over such',
      `import watch from 'node:fs/promises'; export const f = async () => { for await (const x of watch()) x(); };`,
      /main\.js: an await of watch cannot block/,
    ],
    [
      'a module that says so elsewhere than at its head',
      `/** Reads. */\n/** @waits */\nexport const f = () => Promise.all([]);`,
      /main\.js: a Promise cannot block/,
    ],
    ['a chain', 'export const f = (promise) => promise.then(() => 1);', /main\.js: \.then cannot block/],
    ['a promise', 'export const f = () => Promise.all([]);', /main\.js: a Promise cannot block/],
    [
      'a promise it makes',
      'export const f = () => new Promise(() => {});',
      /main\.js: a Promise cannot block/,
    ],
    [
      'a module loaded on the way',
      `export const f = () => import('node:fs');`,
      /main\.js: import\(\) cannot block/,
    ],
  ])('%s', async (_, text, told) => {
    await expect(resultOf({ 'main.js': text })).rejects.toThrow(told);
  });
});

test('the compiler compares each twin with its original', () => {
  const checked = readFileSync(new URL('../../support/blocking-twins.ts', import.meta.url), 'utf8');
  const twins = readdirSync(new URL('../../../src', import.meta.url), { encoding: 'utf8', recursive: true })
    .filter((path) => path.endsWith('.blocking.ts'))
    .map((path) => path.replace('.blocking.ts', ''));
  expect(twins.length).toBeGreaterThan(0);
  const missing = twins.flatMap((path) =>
    [`'../../src/${path}.ts'`, `'../../src/${path}.blocking.ts'`].filter((each) => !checked.includes(each)),
  );
  expect(missing).toEqual([]);
});
