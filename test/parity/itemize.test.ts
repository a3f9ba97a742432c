/** -i prints rsync's own lines for the same trees, in a dry run and in earnest. */
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { itemizedLines, rsync } from '../support/rsync.ts';
import { sync, test } from '../support/scenario.ts';
import { device, dir, fifo, file, hardLink, symlink } from '../support/tree.ts';
import type { Tree } from '../support/tree.ts';

const T1 = { mtimeNs: 1_000_000_000_000_000_000n };
const T2 = { mtimeNs: 1_100_000_000_000_000_000n };

const SOURCE: Tree = {
  same: file('same', T1),
  size: file('longer', T1),
  time: file('same', T2),
  both: file('longer', T2),
  mode: file('x', { ...T1, mode: 0o600 }),
  owner: file('x', { ...T1, uid: 7, gid: 8 }),
  group: file('x', { ...T1, gid: 8 }),
  all: file('longer', { ...T2, mode: 0o600, uid: 7, gid: 8 }),
  made: file('new', T1),
  empty: file('', T1),
  'odd\nname\xff': file('x', T1),
  directory: dir({ inner: dir({ leaf: file('x', T1) }, T1) }, T1),
  'directory-time': dir({}, T2),
  'directory-mode': dir({}, { ...T1, mode: 0o700 }),
  link: symlink('made', T1),
  'link-target': symlink('new', T1),
  'link-time': symlink('same', T2),
  'link-owner': symlink('same', { ...T1, uid: 7 }),
  'now-file': file('x', T1),
  'now-directory': dir({ a: file('x', T1) }, T1),
  'now-link': symlink('x', T1),
  'group-1': file('linked', T1),
  'group-2': hardLink('group-1'),
  pipe: fifo(T1),
  null: device('character device', [1, 3]),
};

const DESTINATION: Tree = {
  same: file('same', T1),
  size: file('old', T1),
  time: file('same', T1),
  both: file('old', T1),
  mode: file('x', { ...T1, mode: 0o644 }),
  owner: file('x', T1),
  group: file('x', T1),
  all: file('old', T1),
  'directory-time': dir({}, T1),
  'directory-mode': dir({}, T1),
  'link-target': symlink('old', T1),
  'link-time': symlink('same', T1),
  'link-owner': symlink('same', T1),
  'now-file': dir({}, T1),
  'now-directory': file('x', T1),
  'now-link': file('x', T1),
  stray: file('x', T1),
  'stray-directory': dir({ a: file('x', T1), sub: dir({ b: file('y', T1) }) }, T1),
};

/**
 * rsync does not document which name of a group comes first. With -J it lists the time of a link that it
 * makes anew as set.
 */
function comparable(stdout: string, args: readonly string[]): string[] {
  const lines = itemizedLines(stdout.replaceAll(/group-[12]/g, 'group-x'));
  return lines.map((line) => (args.includes('-J') ? line.replace(/^cLc\.t/, 'cLc..') : line)).toSorted();
}

describeWith(['root', 'rsync', 'mknod'], 'itemized changes', () => {
  test.for<[string[]]>([
    [['-n', '--delete']],
    [['--delete']],
    [['-n']],
    [['-n', '--delete', '-c']],
    [['-n', '--delete', '-D']],
    [['-n', '--size-only']],
    [['-n', '-I']],
    [['-n', '-O']],
    [['-n', '--modify-window=99999999']],
    [['-n', '-J']],
    [['-n', '-u']],
    [['-n', '--existing']],
  ])('%s', async ([args], { trees }) => {
    await writeTree(trees.source, SOURCE, { ...T1, mode: 0o755 });
    await writeTree(trees.destination, DESTINATION, { ...T2, mode: 0o755 });
    const other = `${trees.directory}/other`;
    await writeTree(other, DESTINATION, { ...T2, mode: 0o755 });
    const expected = comparable(rsync(trees.source, other, ['-i', ...args]), args);
    const { stdout } = await sync(trees, ['-i', ...args]);
    expect(comparable(stdout, args)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(4);
  });
});
