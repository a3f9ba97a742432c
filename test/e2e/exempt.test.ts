/**
 * Entries that options leave alone are no difference, in a sync and in verify; files that the run wrote
 * itself are judged.
 */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { leftIn, syncForReport, verifyForReport } from '../support/json-report.ts';
import { withOddfs } from '../support/oddfs.ts';
import { mutateTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { rsync } from '../support/rsync.ts';
import { snapshot, sync, test } from '../support/scenario.ts';
import { dir, file, hardLink, symlink, type Node } from '../support/tree.ts';

const SECOND = 1_600_000_000_000_000_000n;
const TIME = { mtimeNs: SECOND + 5n };
const LATER = { mtimeNs: SECOND + 800_000_005n };

/** A number for each name; names of the same inode get the same number. */
function groupsOf(root: string): number[] {
  const inodes = ['a', 'b', 'c'].map((name) => statSync(join(root, name)).ino);
  return inodes.map((inode) => inodes.indexOf(inode));
}

describe('not a difference', () => {
  test.for<[string, Node, Node]>([
    ['another mode', file('x', { ...TIME, mode: 0o600 }), file('x', TIME)],
    ['another link', symlink('b', TIME), symlink('c', TIME)],
    ['other content, 0.8 s later', file('x', TIME), file('y', LATER)],
    ['other content of another size', file('x', TIME), file('yy', TIME)],
    ['a link for a file', file('x', TIME), symlink('y', TIME)],
    ['a file for a link', symlink('x', TIME), file('y', TIME)],
    ['a directory for a file', file('x', TIME), dir({ b: file('y') }, TIME)],
    ['a file for a directory', dir({ b: file('x'), c: file('y') }, TIME), file('x', TIME)],
  ])('--ignore-existing: %s', async ([, source, destination], { trees }) => {
    await writeTree(trees.source, { equal: file('x', TIME), a: source }, TIME);
    await writeTree(trees.destination, { equal: file('x', TIME), a: destination }, TIME);
    const before = await snapshot(trees.destination);
    for (const args of [['--ignore-existing'], ['--overwrite=never', '--delete']]) {
      for (const report of [
        await verifyForReport(trees, args),
        await syncForReport(trees, args),
        await syncForReport(trees, [...args, '--verify=transferred']),
      ]) {
        expect(leftIn(report)).toEqual({ existing: report.coverage.content === 'all' ? 1 : 2 });
        expect(report.verdicts).toEqual([]);
      }
    }
    expect(await snapshot(trees.destination)).toEqual(before);
  });

  test('--update: a newer file, whatever it is', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { ...TIME, mode: 0o600 }), b: file('x', TIME) }, TIME);
    await writeTree(trees.destination, { a: file('longer', LATER), b: file('x', TIME) }, TIME);
    const before = await snapshot(trees.destination);
    expect(leftIn(await verifyForReport(trees, ['-u']))).toEqual({ newer: 1 });
    expect(leftIn(await syncForReport(trees, ['-u']))).toEqual({ newer: 1 });
    expect(await snapshot(trees.destination)).toEqual(before);
  });

  test.for(['--existing', '--existing --delete'])('%s: what is missing', async (options, { trees }) => {
    await writeTree(trees.source, { a: file('x', TIME), b: file('y', TIME), d: dir({ c: file('z') }) }, TIME);
    await writeTree(trees.destination, { a: file('x', TIME) }, TIME);
    for (const report of [
      await verifyForReport(trees, options.split(' ')),
      await syncForReport(trees, options.split(' ')),
    ]) {
      expect(leftIn(report)).toEqual({ absent: 2 });
      expect(report.coverage.scope).toBe('asked for');
    }
  });

  test('--size-only: other content of the same size, each night, in every mode', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', TIME), b: file('y', TIME), c: file('same', TIME) }, TIME);
    await writeTree(
      trees.destination,
      { a: file('z', LATER), b: file('y', LATER), c: file('same', TIME) },
      TIME,
    );
    const args = ['--size-only'];
    const dry = await syncForReport(trees, [...args, '-n']);
    // A dry run reads no content, so both files whose time differs count.
    expect(leftIn(dry)).toEqual({ sameSize: 2 });
    await syncForReport(trees, [...args, '--verify=transferred']);
    for (const report of [
      await syncForReport(trees, args),
      await verifyForReport(trees, args),
      await syncForReport(trees, args),
    ]) {
      expect(leftIn(report)).toEqual({ sameSize: 1 });
      expect(report.coverage.scope).toBe('asked for');
    }
    await verifyForReport(trees, [], 40);
  });

  test('--size-only: other content of a large file, and of links to one that is kept', async ({ trees }) => {
    const large = Buffer.alloc(70_000_000, 'content');
    const other = Buffer.from(large);
    other[50_000_000] = 0;
    await writeTree(trees.source, { large: file(large, TIME), a: file('x', TIME), b: hardLink('a') }, TIME);
    await writeTree(trees.destination, { large: file(other, LATER), a: file('y', LATER) }, TIME);
    const manifest = join(trees.directory, 'manifest');
    for (const report of [
      await syncForReport(trees, ['--size-only']),
      await syncForReport(trees, ['--size-only', `--manifest=${manifest}`]),
      await verifyForReport(trees, ['--size-only']),
    ]) {
      expect(leftIn(report)).toEqual({ sameSize: 3 });
      expect(report.coverage.scope).toBe('nothing');
    }
    // Files that were found to differ are not listed as verified.
    expect(readFileSync(manifest, 'utf8')).not.toMatch(/"path":"(large|a|b)"/);
  });
});

describe('still a difference', () => {
  test.for([['--ignore-existing'], ['--ignore-existing', '--existing'], ['-u']])(
    '%j: a damaged copy with the same size and time',
    async (args, { trees }) => {
      await writeTree(trees.source, { a: file('content', TIME), b: file('x', TIME) }, TIME);
      await sync(trees);
      await mutateTree(trees.destination, [{ action: 'flip', pick: 0, into: 3 }]);
      for (const { verdicts } of [
        await verifyForReport(trees, args, 40),
        await syncForReport(trees, args, { status: 40 }),
      ]) {
        expect(verdicts).toMatchObject([{ class: 'content mismatch', path: 'a' }]);
      }
    },
  );
});

describeWith(['rsync'], 'hard links of which one is left alone', () => {
  test.for<[string, string, object]>([
    ['--ignore-existing', 'there', { existing: 1 }],
    ['--ignore-existing', 'z', { existing: 1 }],
    ['--size-only', 'z', { sameSize: 3 }],
  ])('%s, with %j at the destination: grouped as by rsync', async ([option, content, left], { trees }) => {
    await writeTree(trees.source, { a: file('x', TIME), b: hardLink('a'), c: hardLink('a') }, TIME);
    const other = join(trees.directory, 'other');
    mkdirSync(other);
    for (const root of [trees.destination, other]) await writeTree(root, { a: file(content, LATER) }, TIME);
    rsync(trees.source, other, [option]);
    expect(leftIn(await syncForReport(trees, [option]))).toEqual(left);
    expect(leftIn(await verifyForReport(trees, [option]))).toEqual(left);
    expect(groupsOf(trees.destination)).toEqual(groupsOf(other));
    expect(readFileSync(join(trees.destination, 'a'), 'utf8')).toBe(content);
  });

  test("--update: the others get the source's content, while rsync links them to the newer file", async ({
    trees,
  }) => {
    await writeTree(trees.source, { a: file('x', TIME), b: hardLink('a'), c: hardLink('a') }, TIME);
    await writeTree(trees.destination, { a: file('there', LATER) }, TIME);
    expect(leftIn(await syncForReport(trees, ['-u']))).toEqual({ newer: 1 });
    expect(leftIn(await verifyForReport(trees, ['-u']))).toEqual({ newer: 1 });
    expect(groupsOf(trees.destination)).toEqual([0, 1, 1]);
    expect(readFileSync(join(trees.destination, 'b'), 'utf8')).toBe('x');
  });
});

describeWith(['oddfs'], 'what this run wrote is judged, whatever the options', () => {
  test.for<[string, string, string]>([
    ['--ignore-existing', 'size a 3', 'content mismatch'],
    ['--size-only', 'read_flip a 1', 'content mismatch'],
  ])('%s, on a file system that does: %s', async ([option, rule, verdict], { trees }) => {
    await writeTree(trees.source, { a: file('content', TIME), left: file('x', TIME) }, TIME);
    await writeTree(trees.destination, { left: file('y', LATER) }, TIME);
    const mountPoint = join(trees.directory, 'mount');
    await withOddfs({ backing: trees.destination, mountPoint }, [rule], async () => {
      const pair = { ...trees, destination: mountPoint };
      const report = await syncForReport(pair, [option], { status: 40 });
      expect(report.verdicts.map((one) => `${one.class}: ${one.path}`)).toContain(`${verdict}: a`);
      expect(report.verdicts.map(({ path }) => path)).not.toContain('left');
    });
  });
});
