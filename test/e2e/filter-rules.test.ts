/** `--filter`, `-F`, `-C` and files of rules in directories, as rsync has them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { rsync } from '../support/rsync.ts';
import { run, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file, type Node, symlink, type Tree } from '../support/tree.ts';

async function pathsIn(root: string): Promise<string[]> {
  return [...(await readTree(root)).keys()].filter((path) => path !== '');
}

const SOURCE: Tree = {
  keep: file('x'),
  'a.log': file('x'),
  'a.o': file('x'),
  '.rules': file('- *.log\n- /top\n'),
  '.ignored': file('*.o\n'),
  '.rsync-filter': file('- a.log\n'),
  top: file('x'),
  d: dir({ top: file('x'), 'b.log': file('x'), '.rules': file('+ b.log\n- gone\n'), gone: file('x') }),
  e: dir({ f: dir({ 'b.log': file('x'), top: file('x') }) }),
};
const DESTINATION: Tree = {
  'stray.log': file('y'),
  stray: file('y'),
  d: dir({ 'stray.log': file('y'), '.rules': file('- stray.log\n') }),
  old: dir({ 'c.log': file('y'), 'c.o': file('y') }),
};

describeWith(['rsync'], 'rules leave out and protect what they do in rsync', () => {
  test.for<string[]>([
    ['--filter=- *.log'],
    ['-f', 'exclude,! /keep', '-f', 'protect stray*'],
    ['-f', 'hide *.log', '-f', 'P d/'],
    ['-f', 'P *.log', '--delete-excluded', '-f', '- top'],
    ['-f', 'risk stray.log', '-f', '- *.log'],
    ['-f', '-p *.log', '-f', '- *.o'],
    ['-f', '- *', '-f', '!', '-f', '- top'],
    ['-f', ': .rules'],
    ['-f', 'dir-merge,n .rules'],
    ['-f', ':e .rules'],
    ['-f', ':s .rules'],
    ['-f', ':r .rules'],
    ['-f', ':- .ignored'],
    ['-f', ': .rules', '--delete-excluded'],
    ['-F'],
    ['-FF'],
    ['-C'],
    ['-f', ': .none', '--exclude=top'],
  ])('%j', async (options, { memoryTrees: trees }) => {
    const other = join(trees.directory, 'other');
    mkdirSync(other);
    await writeTree(trees.source, SOURCE);
    await writeTree(trees.destination, DESTINATION);
    await writeTree(other, DESTINATION);
    const args = ['--delete', ...options];
    rsync(trees.source, other, args);
    const { stdout } = await sync(trees, args);
    expect(await pathsIn(trees.destination)).toEqual(await pathsIn(other));
    expect(stdout).toContain('Verified');
  });
});

test('merged files stand in place of the rule, and may name others', async ({ trees }) => {
  const { directory } = trees;
  writeFileSync(join(directory, 'rules'), `+ b\n. ${directory}/more\n# none\n`);
  writeFileSync(join(directory, 'more'), '- a\n- b\n');
  await writeTree(trees.source, { a: file(), b: file(), c: file() });
  await sync(trees, ['-f', `merge ${directory}/rules`]);
  expect(await pathsIn(trees.destination)).toEqual(['b', 'c']);
});

test('files of rules are read from their roots up to the one that the rule names', async ({ trees }) => {
  writeFileSync(join(trees.directory, '.rsync-filter'), '- a\n- /source/d/b\n- /b\n');
  await writeTree(trees.source, { a: file(), b: file(), d: dir({ a: file(), b: file() }) });
  await sync(trees, ['-F']);
  expect(await pathsIn(trees.destination)).toEqual(['b', 'd']);
});

test('-C takes what the user has CVS ignore', async ({ trees }) => {
  writeFileSync(join(trees.directory, '.cvsignore'), '*.mine\n');
  await writeTree(trees.source, {
    'a.o': file(),
    'a.mine': file(),
    'a.c': file(),
    theirs: file(),
    '.cvsignore': file('here\n'),
    here: file(),
    d: dir({ here: file() }),
  });
  await sync(trees, ['-C'], { env: { HOME: trees.directory, CVSIGNORE: 'theirs' } });
  expect(await pathsIn(trees.destination)).toEqual(['.cvsignore', 'a.c', 'd', 'd/here']);
});

describe('what Preparing protects', () => {
  test('is not extraneous when other rules have been copied over', async ({ trees }) => {
    await writeTree(trees.source, { '.rules': file('# nothing\n'), a: file() });
    await writeTree(trees.destination, {
      '.rules': file('- stray*\n'),
      stray: file(),
      'stray-d': dir({ a: file() }),
      old: dir({ stray: file() }),
    });
    await sync(trees, ['--delete', '-f', ': .rules']);
    expect(await pathsIn(trees.destination)).toEqual([
      ...['.rules', 'a', 'old', 'old/stray', 'stray', 'stray-d', 'stray-d/a'],
    ]);
    // As in rsync, the next run goes by the new rules.
    await verify(trees, ['--delete', '-f', ': .rules'], { status: 40 });
    await sync(trees, ['--delete', '-f', ': .rules']);
    expect(await pathsIn(trees.destination)).toEqual(['.rules', 'a']);
  });
});

async function expectUntouched(trees: Trees, rules: Node, said: string): Promise<void> {
  await writeTree(trees.source, { d: dir({ a: file('new'), '.rules': rules }), b: file() });
  await writeTree(trees.destination, { d: dir({ stray: file() }) });
  const { output } = await sync(trees, ['--delete', '-f', ': .rules'], { status: 23 });
  expect(output).toContain(said);
  expect(await pathsIn(trees.destination)).toEqual(['b', 'd', 'd/stray']);
}

describe('a directory is left as it is, and told of, if its file of rules', () => {
  test('has a wrong rule', async ({ trees }) => {
    await expectUntouched(trees, file('- x\nwrong\n'), 'd/.rules, line 2: the filter rule "wrong"');
  });

  test('is a symbolic link', async ({ trees }) => {
    await expectUntouched(trees, symlink('../b'), 'is a symbolic link, which is not followed');
  });

  test('names one outside of the tree', async ({ trees }) => {
    await expectUntouched(trees, file('. /etc/passwd\n'), 'names one outside of the tree');
  });

  test('names one that is not there', async ({ trees }) => {
    await expectUntouched(trees, file('. ./none\n'), 'names d/none, which is not there');
  });
});

describe('refused', () => {
  test.for<[string[], RegExp]>([
    [['-f', 'x'], /option '-f, --filter=RULE'|the filter rule "x" begins with none of/],
    [['--filter='], /--filter has no rule/],
    [['-f', '-'], /the filter rule "-" has no pattern/],
    [['-f', '-n a'], /cannot have the modifier "n"/],
    [['-f', '. /no/such/file'], /cannot read --filter=\/no\/such\/file/],
    [['-F', '--files-from=/dev/null'], /--files-from cannot be used with rules from files in directories/],
  ])('%j', async ([args, said], { trees }) => {
    const { stderr } = await sync(trees, args, { status: 1 });
    expect(stderr).toMatch(said);
  });

  test('files of rules that name each other', async ({ trees }) => {
    writeFileSync(join(trees.directory, 'rules'), `. ${trees.directory}/rules\n`);
    const { stderr } = await sync(trees, ['-f', `. ${trees.directory}/rules`], { status: 1 });
    expect(stderr).toContain('leads to itself');
  });
});

test('a task file has rules, too', async ({ trees }) => {
  const { directory, source, destination } = trees;
  await writeTree(source, { a: file(), b: file(), 'c.o': file() });
  const task = join(directory, 'task.yaml');
  writeFileSync(
    task,
    `source: ${source}\ndestination: ${destination}\ncvs-exclude: true\nfilters:\n- filter: "+ b"\n- filter: "-! c*"\n`,
  );
  await run(['run', task]);
  expect(await pathsIn(destination)).toEqual(['b']);
});
