/** The worker whose calls block is the same code without async and await, or is not built. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { beforeEach, describe, expect, test } from 'vitest';
import { blocking } from '../../../build/blocking.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(process.env['EFS_SYNC_TEST_DISK'] as string, 'build-'));
  mkdirSync(join(directory, 'flow'));
});

/** Builds `main.js` and what it imports; gives what it exports as `result`. */
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

describe('gives plain values for', () => {
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

  test('what has a twin', async () => {
    const main = `import { sleep } from './flow/sleep.js'; const f = async () => await sleep(); export const result = f();`;
    const waiting = 'export const sleep = () => new Promise(() => {});';
    const twin = `export const sleep = () => 'slept';`;
    expect(
      await resultOf({ 'main.js': main, 'flow/sleep.js': waiting, 'flow/sleep.blocking.js': twin }),
    ).toBe('slept');
  });
});

describe('stops at', () => {
  test.each([
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
