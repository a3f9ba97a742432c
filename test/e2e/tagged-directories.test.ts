/** `--exclude-if-present` and `--exclude-caches`: directories that say themselves that they are left out. */
import { describe, expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { sync, test, verify } from '../support/scenario.ts';
import { dir, file, symlink, type Tree } from '../support/tree.ts';

const SIGNATURE = 'Signature: 8a477f597d28d172789f06886806bc55';

async function pathsIn(root: string): Promise<string[]> {
  return [...(await readTree(root)).keys()].filter((path) => path !== '');
}

const TAGGED: Tree = {
  a: dir({ '.nobackup': file(), x: file('x'), d: dir({ y: file('y') }) }),
  b: dir({ c: dir({ '.nobackup': dir({}), x: file('x') }), x: file('x') }),
  '.nobackup': file(),
};

test('a directory takes no part with all that is in it; the root does', async ({ trees }) => {
  await writeTree(trees.source, TAGGED);
  const { stdout } = await sync(trees, ['--exclude-if-present=.nobackup', '--delete']);
  expect(await pathsIn(trees.destination)).toEqual(['.nobackup', 'b', 'b/x']);
  expect(stdout).toContain('2 excluded (--exclude-if-present=.nobackup)');
  await verify(trees, ['--exclude-if-present=.nobackup', '--delete']);
  await verify(trees, [], { status: 40 });
});

test('any of several names', async ({ trees }) => {
  await writeTree(trees.source, {
    a: dir({ one: file() }),
    b: dir({ two: file() }),
    c: dir({ three: file() }),
  });
  await sync(trees, ['--exclude-if-present=one', '--exclude-if-present=two']);
  expect(await pathsIn(trees.destination)).toEqual(['c', 'c/three']);
});

test('only what has the signature is a cache', async ({ trees }) => {
  await writeTree(trees.source, {
    yes: dir({ 'CACHEDIR.TAG': file(`${SIGNATURE}\n# by a test\n`), x: file() }),
    bare: dir({ 'CACHEDIR.TAG': file(SIGNATURE), x: file() }),
    no: dir({ 'CACHEDIR.TAG': file('Signature: 8a477f597d28d172789f06886806bc56') }),
    short: dir({ 'CACHEDIR.TAG': file('Signature:') }),
    link: dir({ 'CACHEDIR.TAG': symlink('../yes/CACHEDIR.TAG') }),
    directory: dir({ 'CACHEDIR.TAG': dir({}) }),
  });
  await sync(trees, ['--exclude-caches']);
  const left = (await pathsIn(trees.destination)).filter((path) => !path.includes('/'));
  expect(left).toEqual(['directory', 'link', 'no', 'short']);
});

describe('at the destination', () => {
  const destination: Tree = {
    a: dir({ old: file() }),
    kept: dir({ '.nobackup': file(), old: file() }),
    gone: dir({ kept: dir({ '.nobackup': file() }), old: file() }),
    stray: file(),
  };

  test('nothing of them is deleted', async ({ trees }) => {
    await writeTree(trees.source, TAGGED);
    await writeTree(trees.destination, destination);
    await sync(trees, ['--exclude-if-present=.nobackup', '--delete']);
    expect(await pathsIn(trees.destination)).toEqual([
      ...['.nobackup', 'a', 'a/old', 'b', 'b/x', 'gone', 'gone/kept', 'gone/kept/.nobackup'],
      ...['kept', 'kept/.nobackup', 'kept/old'],
    ]);
  });

  test('they are with --delete-excluded', async ({ trees }) => {
    await writeTree(trees.source, TAGGED);
    await writeTree(trees.destination, destination);
    await sync(trees, ['--exclude-if-present=.nobackup', '--delete-excluded']);
    expect(await pathsIn(trees.destination)).toEqual(['.nobackup', 'b', 'b/x']);
  });
});

test.for([['--exclude-if-present='], ['--exclude-if-present=a/b'], ['--exclude-if-present=..']])(
  'refused: %s',
  async ([option], { trees }) => {
    const { stderr } = await sync(trees, [String(option)], { status: 1 });
    expect(stderr).toContain('it takes the name of a file, without a slash');
  },
);
