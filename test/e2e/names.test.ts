/** Names are bytes: every name the source can hold arrives unchanged. */
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { expectNothingToDo } from '../support/json-report.ts';
import { compareTrees, readTree, writeTree } from '../support/oracle.ts';
import { CLI } from '../support/run-cli.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { dir, file, symlink, utf8 } from '../support/tree.ts';
import type { NamedNode, Node } from '../support/tree.ts';

const BYTES = Array.from({ length: 255 }, (_, index) => index + 1).filter((byte) => byte !== 0x2f);
const ALL_BYTES = String.fromCharCode(...BYTES);
const SINGLE_BYTES = BYTES.filter((byte) => byte !== 0x2e).map((byte) => String.fromCharCode(byte));

const AWKWARD = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'length',
  '0',
  '...',
  '.. ',
  ' ',
  '-',
  '-rf',
  '--delete',
  '*',
  'a\\b',
  '\n',
  '\r\n',
  '\x1b[31mred',
  utf8('ほげ'),
  utf8('é'),
  utf8('e\u0301'),
  '\xc3',
  '\xed\xa0\x80',
  '\xff'.repeat(255),
  utf8('€').repeat(85),
  ALL_BYTES,
];

function each(names: readonly string[], node: (name: string) => Node): NamedNode[] {
  return names.map((name) => [name, node(name)]);
}

test('every byte but the slash, alone and together', async ({ trees }) => {
  await writeTree(
    trees.source,
    each([...SINGLE_BYTES, ALL_BYTES], (name) => file(name)),
  );
  await sync(trees);
  await expectSame(trees);
  expect((await readTree(trees.destination)).size).toBe(SINGLE_BYTES.length + 2);
});

test('names that trouble shells, terminals, JavaScript or Unicode', async ({ trees }) => {
  await writeTree(trees.source, {
    files: dir(each(AWKWARD, (name) => file(name))),
    directories: dir(each(AWKWARD, (name) => dir({ [name]: file(name) }))),
    links: dir(each(AWKWARD, (name) => symlink(name))),
  });
  await sync(trees);
  await expectSame(trees);
  await expectNothingToDo(trees);
});

test('awkward names are deleted, and only they', async ({ trees }) => {
  await writeTree(trees.source, { kept: file('x') });
  await writeTree(
    trees.destination,
    each(AWKWARD, (name) => dir({ [name]: file(name) })),
  );
  await sync(trees, ['--delete']);
  await expectSame(trees);
});

test('roots whose own names are not UTF-8', async ({ trees }) => {
  await writeTree(trees.directory, { 's\xff': dir({ a: file('x') }), 'd\xfe': dir() });
  const script = `cd "$2" && exec "$0" "$1" "$(printf 's\\377')" "$(printf 'd\\376')"`;
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, CLI, trees.directory]);
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
  const { directory } = trees;
  expect(await compareTrees(`${directory}/s\xff`, `${directory}/d\xfe`)).toEqual([]);
});
