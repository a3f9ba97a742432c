/** -L copies what rsync copies; what it must not follow is told, and never walked without end. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectAsRsync, OLD } from '../support/as-rsync.ts';
import { expectNothingToDo } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test } from '../support/scenario.ts';
import { dir, file, symlink, type NamedNode } from '../support/tree.ts';

const SOURCE: NamedNode[] = [
  ['a', file('content of a', OLD)],
  ['to-a', symlink('a', OLD)],
  ['to-to-a', symlink('to-a', OLD)],
  [
    'd',
    dir(
      [
        [
          'deep',
          dir(
            [
              ['b', file('b', OLD)],
              ['up', symlink('../../a', OLD)],
            ],
            OLD,
          ),
        ],
      ],
      OLD,
    ),
  ],
  ['to-d', symlink('d', OLD)],
  ['to-deep', symlink('d/deep/', OLD)],
];
const DESTINATION: NamedNode[] = [
  ['to-a', symlink('elsewhere', OLD)],
  ['to-d', symlink('/nonexistent', OLD)],
  ['to-deep', file('no directory', OLD)],
  ['extra', file('extra', OLD)],
];

describeWith(['rsync'], '--copy-links', () => {
  test.for<[string[]]>([
    [[]],
    [['--delete']],
    [['-c']],
    [['--exclude=to-d/']],
    [['--exclude=up']],
    [['-m']],
    [['-x']],
    [['--safe-links']],
    [['--existing']],
  ])('%j', async ([more], { trees }) => {
    await expectAsRsync(trees, ['-L', ...more], { source: SOURCE, destination: DESTINATION });
  });

  test('a second run has nothing to do, and a dry run writes nothing', async ({ trees }) => {
    await writeTree(trees.source, Object.fromEntries(SOURCE));
    await sync(trees, ['-L', '-n']);
    expect(readdirSync(trees.destination)).toEqual([]);
    await sync(trees, ['-L']);
    await expectNothingToDo(trees, ['-L', '--delete']);
  });

  test('what a link to nothing had led to stays, and is told', async ({ trees }) => {
    await writeTree(trees.source, { gone: symlink('nowhere', OLD), self: symlink('self', OLD) });
    await writeTree(trees.destination, { gone: dir({ kept: file('k', OLD) }), self: file('s', OLD) });
    const { stderr } = await sync(trees, ['-L', '--delete'], { status: 23 });
    expect(stderr).toContain('symbolic link that leads to nothing');
    expect(readFileSync(join(trees.destination, 'gone/kept'), 'utf8')).toBe('k');
    expect(existsSync(join(trees.destination, 'self'))).toBe(true);
  });

  test('a link to a directory above ends there', async ({ trees }) => {
    await writeTree(trees.source, {
      a: dir({ up: symlink('..', OLD), other: symlink('../b', OLD) }),
      b: dir({ back: symlink('../a', OLD), file: file('x', OLD) }),
    });
    const { stderr } = await sync(trees, ['-L'], { status: 23 });
    expect(stderr).toContain('leads back to the source itself');
    expect(readdirSync(join(trees.destination, 'a/up'))).toEqual([]);
    expect(readFileSync(join(trees.destination, 'a/other/file'), 'utf8')).toBe('x');
  });

  test.for<[string, (destination: string) => string]>([
    ['the destination', (destination) => destination],
    ['a directory in it', (destination) => join(destination, 'in')],
    ['the directory that holds it', (destination) => join(destination, '..')],
  ])('a link to %s ends the run before anything is written', async ([, to], { trees }) => {
    mkdirSync(join(trees.destination, 'in'));
    await writeTree(trees.source, { a: file('x', OLD) });
    symlinkSync(to(trees.destination), join(trees.source, 'link'));
    await sync(trees, ['-L'], { status: 3 });
    expect(readdirSync(trees.destination)).toEqual(['in']);
  });
});
