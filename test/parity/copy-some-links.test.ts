/** -k and --copy-unsafe-links follow the links that rsync follows, and copy the others as links. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectAsRsync, OLD } from '../support/as-rsync.ts';
import { expectNothingToDo } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink, type NamedNode, type Tree } from '../support/tree.ts';

/** Beside the source, so that links out of it lead somewhere. */
const OUTSIDE: Tree = {
  plain: file('plain, outside', OLD),
  dir: dir({ inner: file('inner', OLD), deeper: dir({ up: symlink('../inner', OLD) }, OLD) }, OLD),
};

/** Links of each kind, also deeper, where the same words lead elsewhere. */
function linksIn(trees: Trees, depth: number): NamedNode[] {
  const outside = join(trees.directory, 'outside');
  const up = '../'.repeat(depth);
  return [
    ['to-file', symlink('plain', OLD)],
    ['to-directory', symlink('d', OLD)],
    ['to-link', symlink('to-directory', OLD)],
    ['to-nothing', symlink('nowhere', OLD)],
    ['in-circle', symlink('in-circle', OLD)],
    ['up-inside', symlink(`${up}plain`, OLD)],
    ['over-a-link', symlink('to-directory/x', OLD)],
    ['out-to-file', symlink(join(outside, 'plain'), OLD)],
    ['out-to-directory', symlink(join(outside, 'dir'), OLD)],
    ['out-and-back', symlink(`d/../plain`, OLD)],
    ['plain', file('plain', OLD)],
    ['d', dir({ x: file('x', OLD) }, OLD)],
  ];
}

function sourceOf(trees: Trees): NamedNode[] {
  return [...linksIn(trees, 0), ['e', dir(linksIn(trees, 1), OLD)]];
}

const DESTINATION: Tree = {
  'to-file': file('a file', OLD),
  'to-directory': symlink('elsewhere', OLD),
  'out-to-file': symlink('/etc/passwd', OLD),
  'out-to-directory': dir({ extra: file('extra', OLD) }, OLD),
  'to-nothing': dir({}, OLD),
};

describeWith(['rsync'], 'links that are followed in part', () => {
  test.for<[string[]]>([
    [['-k']],
    [['-k', '--delete']],
    [['-k', '--safe-links']],
    [['-k', '-c', '--exclude=to-directory/']],
    [['-k', '-x', '-m']],
    [['--copy-unsafe-links']],
    [['--copy-unsafe-links', '--delete']],
    [['--copy-unsafe-links', '--safe-links']],
    [['--copy-unsafe-links', '-c', '--exclude=out-to-directory/']],
    [['--copy-unsafe-links', '-X', '--existing']],
    [['--copy-unsafe-links', '-k']],
    [['--copy-unsafe-links', '-k', '--safe-links', '--delete']],
    [['--copy-unsafe-links', '-k', '-H', '--max-size=20']],
  ])('%j', async ([args], { trees }) => {
    const outside = join(trees.directory, 'outside');
    mkdirSync(outside);
    await writeTree(outside, OUTSIDE);
    await expectAsRsync(trees, [...args, '--force'], { source: sourceOf(trees), destination: DESTINATION });
  });

  test('a second run has nothing to do, and a dry run writes nothing', async ({ trees }) => {
    const outside = join(trees.directory, 'outside');
    mkdirSync(outside);
    await writeTree(outside, OUTSIDE);
    await writeTree(trees.source, Object.fromEntries(sourceOf(trees)));
    const args = ['-k', '--copy-unsafe-links'];
    await sync(trees, [...args, '-n']);
    expect(readdirSync(trees.destination)).toEqual([]);
    await sync(trees, args);
    expect(readFileSync(join(trees.destination, 'e/out-to-directory/inner'), 'utf8')).toBe('inner');
    expect(readlinkSync(join(trees.destination, 'e/to-file'))).toBe('plain');
    await expectNothingToDo(trees, [...args, '--delete']);
  });

  test('an unsafe link to nothing is told, and what the destination has in its place stays', async ({
    trees,
  }) => {
    await writeTree(trees.source, {
      out: symlink('/nonexistent/nowhere', OLD),
      in: symlink('nowhere', OLD),
      self: symlink('self', OLD),
    });
    await writeTree(trees.destination, { out: file('kept', OLD) });
    const { stderr } = await sync(trees, ['--copy-unsafe-links', '--delete'], { status: 23 });
    expect(stderr).toContain('symbolic link that leads to nothing');
    expect(readFileSync(join(trees.destination, 'out'), 'utf8')).toBe('kept');
    expect(readlinkSync(join(trees.destination, 'in'))).toBe('nowhere');
    expect(readlinkSync(join(trees.destination, 'self'))).toBe('self');
  });

  test.for<[string, string]>([
    ['-k', '..'],
    ['--copy-unsafe-links', '../../source'],
  ])('%s: a link to a directory above ends there', async ([option, target], { trees }) => {
    await writeTree(trees.source, { a: dir({ x: file('x', OLD) }) });
    symlinkSync(option === '-k' ? target : trees.source, join(trees.source, 'a/up'));
    const { stderr } = await sync(trees, [option], { status: 23 });
    expect(stderr).toContain('leads back to the source itself');
    expect(readdirSync(join(trees.destination, 'a/up'))).toEqual([]);
  });

  test.for(['-k', '--copy-unsafe-links'])(
    '%s: a link into the destination ends the run before anything is written',
    async (option, { trees }) => {
      mkdirSync(join(trees.destination, 'in'));
      await writeTree(trees.source, { a: file('x', OLD) });
      symlinkSync(join(trees.destination, 'in'), join(trees.source, 'link'));
      const { stderr } = await sync(trees, [option], { status: 3 });
      expect(stderr).toContain(option === '-k' ? '--copy-dirlinks follows' : `${option} follows`);
      expect(readdirSync(trees.destination)).toEqual(['in']);
    },
  );

  test('a large file behind an unsafe link is copied, and a link that is safe stays one', async ({
    trees,
  }) => {
    const outside = join(trees.directory, 'outside');
    mkdirSync(outside);
    const content = Buffer.alloc(70 * 1024 * 1024, 'efs-sync');
    await writeTree(outside, { large: file(content, OLD) });
    await writeTree(trees.source, { out: symlink(join(outside, 'large'), OLD), in: symlink('out', OLD) });
    await sync(trees, ['--copy-unsafe-links']);
    expect(readFileSync(join(trees.destination, 'out')).equals(content)).toBe(true);
    expect(lstatSync(join(trees.destination, 'in')).isSymbolicLink()).toBe(true);
    await expectNothingToDo(trees, ['--copy-unsafe-links', '--checksum']);
  });
});
