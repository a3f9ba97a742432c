/** A destination that keeps times coarsely, within limits, or not at all: the second run has nothing to do, and verification holds. */
import { execFileSync } from 'node:child_process';
import { lutimesSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { expectNothingToDo, syncForReport, reportIn } from '../support/json-report.ts';
import { onOddDestination } from '../support/odd-destination.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { CLI } from '../support/run-cli.ts';
import { dir, file, hardLink, symlink } from '../support/tree.ts';

const SECOND = 1_000_000_000;

/** ext4 with 128-byte inodes cannot store nanoseconds. */
async function onCoarseDestination(trees: Trees, body: () => Promise<void>): Promise<void> {
  const image = `${trees.directory}/image`;
  execFileSync('truncate', ['-s', '8M', image]);
  execFileSync('mkfs.ext4', ['-q', '-I', '128', image], { stdio: 'ignore' });
  execFileSync('mount', ['-o', 'loop', image, trees.destination]);
  try {
    execFileSync('rmdir', [`${trees.destination}/lost+found`]);
    await body();
  } finally {
    execFileSync('umount', [trees.destination]);
  }
}

describeWith(['root', 'loop mount'], 'whole seconds', () => {
  test('are compared as whole seconds', async ({ trees }) => {
    const time = { mtimeNs: 1_600_000_000_987_654_321n };
    await writeTree(trees.source, {
      a: file('x', time),
      l: symlink('a', time),
      d: dir({}, time),
      now: file(),
    });
    await onCoarseDestination(trees, async () => {
      await sync(trees);
      await expectSame(trees, { mtimeGranularityNs: SECOND });
      await expectNothingToDo(trees);
      await verify(trees);
    });
  });

  test('before 1970 too', async ({ trees }) => {
    const time = { mtimeNs: -1_500_000_001n };
    await writeTree(trees.source, { a: file('x', time), d: dir({}, time) });
    await onCoarseDestination(trees, async () => {
      await sync(trees);
      await expectNothingToDo(trees);
    });
  });

  test('a file a second newer is still transferred', async ({ trees }) => {
    await onCoarseDestination(trees, async () => {
      await writeTree(trees.source, { a: file('old', { mtimeNs: 1_600_000_000_900_000_000n }) });
      await sync(trees);
      await writeTree(trees.source, { a: file('new', { mtimeNs: 1_600_000_001_100_000_000n }) });
      await sync(trees);
      await expectSame(trees, { mtimeGranularityNs: SECOND });
    });
  });
});

const LIMIT_NOTE = /^the destination cannot store (\d+) modification times?:/;

function keptNot(notes: readonly string[]): string | undefined {
  return notes.map((note) => LIMIT_NOTE.exec(note)?.[1]).find((count) => count !== undefined);
}

describeWith(['root', 'loop mount'], 'times that the destination cannot hold', () => {
  const LATE = { mtimeNs: 5_000_000_000_000_000_001n };
  const EARLY = { mtimeNs: -5_000_000_000_000_000_001n };

  test('are reported once and copied once, and changed content is still copied', async ({
    trees,
    memoryTrees,
  }) => {
    const far = { ...trees, source: memoryTrees.source };
    await writeTree(far.source, {
      late: file('one', LATE),
      early: file('two', EARLY),
      d: dir({ l: symlink('x', LATE), big: file('x'.repeat(200_000), LATE) }, EARLY),
    });
    await onCoarseDestination(far, async () => {
      expect(keptNot((await syncForReport(far)).notes)).toBe('5');
      await expectNothingToDo(far);
      await expectNothingToDo(far, ['--verify=none']);
      await expectNothingToDo(far, ['--checksum']);
      const { notes } = await syncForReport(far, ['--dry-run']);
      expect(keptNot(notes)).toBe('5');
      await verify(far);
      await writeTree(far.source, { late: file('ONE', LATE) });
      await verify(far, [], { status: 40 });
      const { tally } = await syncForReport(far);
      expect(tally['filesTransferred']).toBe(1);
      expect(readFileSync(`${far.destination}/late`, 'latin1')).toBe('ONE');
    });
  });
});

describeWith(['root', 'oddfs'], 'a file system of FUSE', () => {
  const time = { mtimeNs: 1_600_000_001_987_654_321n };
  const TREE = { f: file('one', time), d: dir({ l: symlink('x', time), h: hardLink('f') }, time) };

  test('that ignores times: content decides', async ({ trees }) => {
    await writeTree(trees.source, TREE, time);
    await onOddDestination(trees, ['ignore_utimens *'], async () => {
      const report = await syncForReport(trees);
      expect(report).toMatchObject({ status: 'Success', problems: [], verdicts: [] });
      expect(keptNot(report.notes)).toBe('5');
      await expectNothingToDo(trees);
      await writeTree(trees.source, { f: file('two', time) });
      await sync(trees);
      expect(readFileSync(`${trees.destination}/f`, 'latin1')).toBe('two');
      await expectNothingToDo(trees);
    });
  });

  test('that keeps even seconds: the second run and verify find nothing', async ({ trees }) => {
    await writeTree(trees.source, TREE, time);
    await onOddDestination(trees, ['mtime_step * 2'], async () => {
      const report = await syncForReport(trees);
      expect(report).toMatchObject({ status: 'Success', problems: [], verdicts: [] });
      expect(keptNot(report.notes)).toBeUndefined();
      await expectNothingToDo(trees);
      await verify(trees);
      const { tally } = await syncForReport(trees, ['--dry-run']);
      expect(tally).toMatchObject({ filesToTransfer: 0, entriesToAdjust: 0 });
      await writeTree(trees.source, { f: file('two', { mtimeNs: 1_600_000_003_000_000_000n }) });
      await verify(trees, [], { status: 40 });
      await sync(trees);
      expect(readFileSync(`${trees.destination}/f`, 'latin1')).toBe('two');
    });
  });

  test('that keeps every time must have the right one', async ({ trees }) => {
    await writeTree(trees.source, TREE, time);
    await onOddDestination(trees, [], async () => {
      await sync(trees);
      await expectNothingToDo(trees);
      lutimesSync(`${trees.destination}/d/l`, 5, 5);
      const { stdout } = await verify(trees, ['--json'], { status: 40 });
      expect(reportIn(stdout).verdicts).toMatchObject([{ class: 'metadata differs', path: 'd/l' }]);
      expect((await syncForReport(trees)).tally['entriesAdjusted']).toBe(1);
      await expectSame(trees);
    });
  });
});

describeWith(['root', 'strace'], 'a file system of libfuse 2', () => {
  test('never gets only one of the two times, which it would accept and ignore', async ({ trees }) => {
    const time = { mtimeNs: 1_600_000_001_987_654_321n };
    await writeTree(trees.source, {
      f: file('one', time),
      g: file('one', time),
      d: dir({ l: symlink('x', time) }, time),
    });
    await writeTree(trees.destination, { g: file('one') });
    const log = `${trees.directory}/calls`;
    execFileSync(
      'strace',
      [
        '-f',
        '-qq',
        '-o',
        log,
        '-e',
        'trace=utimensat',
        process.execPath,
        CLI,
        trees.source,
        trees.destination,
      ],
      { stdio: 'ignore' },
    );
    const calls = readFileSync(log, 'latin1')
      .split('\n')
      .filter((line) => line.includes('utimensat'));
    expect(calls.length).toBeGreaterThan(4);
    expect(calls.filter((line) => line.includes('UTIME_OMIT'))).toEqual([]);
  });
});
