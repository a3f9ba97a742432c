/** Sorted keys of a list, each once. */
import fc from 'fast-check';
import { describe, it, expect } from 'vitest';
import { UsageError } from '../../../../src/model/run/errors.ts';
import type { PathKeys } from '../../../../src/model/listed-paths.ts';
import { keyOf, KeySearch, packPaths, pathOf } from '../../../../src/policy/filter/path-keys.ts';

/** The paths, with slashes restored. */
function unpack(keys: PathKeys): string[] {
  const bytes = Buffer.from(keys.bytes);
  return Array.from({ length: keys.starts.length - 1 }, (_, index) =>
    bytes.toString('latin1', keys.starts[index], keys.starts[index + 1]).replaceAll('\0', '/'),
  );
}

describe('keyOf', () => {
  it.each([
    ['', ''],
    ['a', '\0a'],
    ['a/b/c', '\0a\0b\0c'],
  ])('%j', (path, key) => {
    expect(keyOf(path)).toBe(key);
  });
});

it.each(['a', 'a/b', 'a/b/c', ' ', '\xff/\x01'])('%j is restored from its key', (path) => {
  expect(pathOf(keyOf(path))).toBe(path);
  expect(pathOf(`${keyOf(path)}\0`)).toBe(path);
});

describe('packPaths', () => {
  it.each<[string, string[], boolean, string[]]>([
    ['sorts, each once', ['b', 'a', 'b', 'a'], false, ['/a', '/b']],
    [
      'sorts by bytes, a shorter one first',
      ['ab', 'b', 'a', '\xff', 'a!'],
      false,
      ['/a', '/a!', '/ab', '/b', '/\xff'],
    ],
    ['has what is below a directory right after it', ['a-', 'a/b', 'a'], false, ['/a', '/a/b', '/a-']],
    [
      'keeps what is below another',
      ['a/b/c', 'a', 'a/b', 'ab', 'b/c'],
      true,
      ['/a', '/a/b', '/a/b/c', '/ab', '/b/c'],
    ],
    ['keeps what only begins like another', ['a', 'ab', 'a.b'], true, ['/a', '/a.b', '/ab']],
    ['keeps it when it is not recursive', ['a/b', 'a'], false, ['/a', '/a/b']],
    ['keeps a trailing slash', ['a/', 'a'], false, ['/a', '/a/']],
    ['which means nothing when recursive', ['a/', 'a'], true, ['/a']],
    ['takes the root for a slash', ['.'], false, ['/']],
    ['or, when recursive, for everything', ['.', 'a'], true, ['', '/a']],
    ['may have nothing', [], true, []],
  ])('%s', (_, paths, recursive, keys) => {
    expect(unpack(packPaths(paths, recursive))).toEqual(keys);
  });

  it('is in shared memory', () => {
    const { bytes, starts } = packPaths(['a'], false);
    expect(bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(starts.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...starts]).toEqual([0, 2]);
  });

  it('refuses a list whose keys are longer than the largest offset', () => {
    expect(unpack(packPaths(['a', 'bc'], false, 5))).toEqual(['/a', '/bc']);
    expect(() => packPaths(['a', 'bc'], false, 4)).toThrow(UsageError);
  });

  it('holds more and longer paths than its initial buffer', () => {
    const short = Array.from({ length: 5000 }, (_, index) => `p${String(index).padStart(5, '0')}`);
    expect(unpack(packPaths(short.toReversed(), true))).toEqual(short.map((path) => `/${path}`));
    const long = ['a'.repeat(200_000), 'b'.repeat(70_000)];
    expect(unpack(packPaths(long, true))).toEqual(long.map((path) => `/${path}`));
  });
});

function searchOf(sorted: readonly string[]): KeySearch {
  const starts = [0];
  for (const key of sorted) starts.push((starts.at(-1) as number) + key.length);
  // Its bytes do not begin where their memory does.
  const all = Buffer.from(`##${sorted.join('')}`, 'latin1');
  return new KeySearch({
    bytes: new Uint8Array(all.buffer, all.byteOffset + 2, all.length - 2),
    starts: Uint32Array.from(starts),
  });
}

describe('KeySearch', () => {
  const keys = ['', '\0a', '\0a\0b', '\0a-', '\0b', '\0\xff'];
  const search = searchOf(keys);

  it('gives keys by number', () => {
    expect(search.count).toBe(keys.length);
    expect(keys.map((_, index) => search.at(index))).toEqual(keys);
    expect([search.at(-1), search.at(keys.length)]).toEqual([undefined, undefined]);
  });

  it('has what is there', () => {
    for (const key of keys) expect(search.has(key)).toBe(true);
    for (const key of ['\0', '\0c', '\0a\0', '\0\xff\0', 'a']) expect(search.has(key)).toBe(false);
    expect(searchOf([]).has('')).toBe(false);
  });

  it('finds the first that is not less, as a search from the start does', () => {
    const text = fc
      .array(fc.constantFrom('\0', 'a', 'b', '-', '\xff'), { maxLength: 4 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(text), text, fc.nat(), (some, key, drawn) => {
        const sorted = some.toSorted((a, b) =>
          Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')),
        );
        const from = drawn % (sorted.length + 1);
        const isLess = (one: string) =>
          Buffer.compare(Buffer.from(one, 'latin1'), Buffer.from(key, 'latin1')) < 0;
        const wanted = from + sorted.slice(from).filter(isLess).length;
        expect(searchOf(sorted).lowerBound(key, from)).toBe(wanted);
      }),
      { seed: 20_260_101, numRuns: 500 },
    );
  });
});
