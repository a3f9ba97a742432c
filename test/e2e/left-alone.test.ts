/** Entries that options leave alone are counted and reported in each phase, and never as verified. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readStatus, stateOf } from '../support/history.ts';
import { leftIn, reportIn, syncForReport, verifyForReport } from '../support/json-report.ts';
import { mountMemory, unmountingBelow } from '../support/mounts.ts';
import { mutateTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, sync, test, verify } from '../support/scenario.ts';
import { dir, fifo, file, symlink, type Tree } from '../support/tree.ts';

const SECOND = 1_600_000_000_000_000_000n;
const TIME = { mtimeNs: SECOND + 5n };
const LATER = { mtimeNs: SECOND + 800_000_005n };

const SOURCE: Tree = {
  both: file('both', TIME),
  older: file('source', TIME),
  large: file('x'.repeat(5000), TIME),
  small: file('', TIME),
  new: file('new', TIME),
  link: symlink('both', TIME),
  pipe: fifo(TIME),
  cache: dir({ a: file('1', TIME), deep: dir({ b: file('2', TIME) }, TIME) }, TIME),
  logs: dir({ 'a.log': file('log', TIME), 'b.log': file('log', TIME), kept: file('k', TIME) }, TIME),
};
const DESTINATION: Tree = { both: file('both', TIME), older: file('there', LATER) };

/** Counts of a dry run, then of a sync with the same options. */
const OPTIONS: [args: string[], before: object, after: object][] = [
  [['--exclude=/cache/'], { excluded: 1, special: 1 }, { excluded: 1, special: 1 }],
  [['--exclude=*.log'], { excluded: 2, special: 1 }, { excluded: 2, special: 1 }],
  [['--exclude=*'], { excluded: 9 }, { excluded: 9 }],
  [['--max-size=1k'], { tooLarge: 1, special: 1 }, { tooLarge: 1, special: 1 }],
  [['--min-size=1', '-D'], { tooSmall: 1 }, { tooSmall: 1 }],
  [['-u', '-D'], { newer: 1 }, { newer: 1 }],
  // Files that were just copied or that equal the source are verified, so they no longer count.
  [['--ignore-existing', '-D'], { existing: 2 }, { existing: 1 }],
  [['--existing'], { absent: 6, special: 1 }, { absent: 6, special: 1 }],
  [['--existing', '--ignore-existing', '-D'], { absent: 7, existing: 2 }, { absent: 7, existing: 1 }],
];

describe('counted', () => {
  test.for(OPTIONS)('%j', async ([args, before, after], { trees }) => {
    await writeTree(trees.source, SOURCE, TIME);
    await writeTree(trees.destination, DESTINATION, TIME);
    const dry = await syncForReport(trees, ['-n', ...args]);
    expect([leftIn(dry), dry.coverage.scope]).toEqual([before, 'nothing']);
    const synced = await syncForReport(trees, args);
    expect(leftIn(synced)).toEqual(after);
    const verified = await verifyForReport(trees, args);
    expect([leftIn(verified), verified.coverage.scope]).toEqual([after, synced.coverage.scope]);
    const unverified = await syncForReport(trees, [...args, '--no-verify']);
    expect(unverified.coverage).toMatchObject({ scope: 'nothing', content: 'none' });
  });

  test('a list: how many paths it names', async ({ trees }) => {
    await writeTree(trees.source, SOURCE, TIME);
    const list = join(trees.directory, 'list');
    writeFileSync(list, 'both\nlogs/kept\n');
    for (const report of [
      await syncForReport(trees, [`--files-from=${list}`]),
      await verifyForReport(trees, [`--files-from=${list}`]),
    ]) {
      expect(report.coverage).toMatchObject({ scope: 'asked for', listedPaths: 2 });
    }
    writeFileSync(list, '');
    const empty = await verifyForReport(trees, [`--files-from=${list}`]);
    expect(empty.coverage).toMatchObject({ scope: 'nothing', listedPaths: 0 });
  });

  test('nothing is left alone: everything is verified', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', TIME), d: dir({ l: symlink('a') }) });
    expect((await syncForReport(trees)).coverage.scope).toBe('everything');
    expect((await verifyForReport(trees, [])).coverage.scope).toBe('everything');
    expect((await syncForReport(trees, ['--verify=transferred'])).coverage.scope).toBe('nothing');
    writeFileSync(join(trees.source, 'b'), 'new');
    const { coverage } = await syncForReport(trees, ['--verify=transferred']);
    expect(coverage).toMatchObject({ scope: 'asked for', content: 'transferred' });
  });
});

describe('reported', () => {
  test('in text, on the page and in status, with the rules and how many', async ({ trees }) => {
    await writeTree(trees.source, SOURCE, TIME);
    await sync(trees);
    await mutateTree(trees.destination, [{ action: 'flip', pick: 0, into: 0 }]);
    execFileSync('rm', ['-r', join(trees.destination, 'cache')]);
    execFileSync('touch', ['-r', trees.source, trees.destination]);
    const page = join(trees.directory, 'report.html');
    const args = [`--report=${page}`, `--state-dir=${stateOf(trees)}`, '--exclude=/both', '--exclude=cache/'];
    const { stdout } = await verify(trees, args);
    expect(stdout).toMatch(/^Success: everything you asked for matches$/m);
    expect(stdout).toMatch(
      /^ +Left out +2 excluded \(--exclude=\/both, --exclude=cache\/\); 1 device, FIFO/m,
    );
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('Yes: everything you asked for matches');
    expect(html).toContain('Left out: 2 excluded (--exclude=/both, --exclude=cache/).');
    expect(html).toMatch(/<body class="yes">/);
    const { executions } = await readStatus(stateOf(trees));
    expect(executions).toMatchObject([
      { coverage: { scope: 'asked for', leftAlone: { excluded: 2, special: 1 } } },
    ]);
    const status = execFileSync(process.execPath, [
      'bin/efs-sync.js', 'status', `--state-dir=${stateOf(trees)}`, trees.source,
    ]); // prettier-ignore
    expect(status.toString()).toMatch(
      /^ {2}left out: 2 excluded \(filter rules\), 1 device, FIFO or socket/m,
    );
  });

  test.for<[string[], RegExp]>([
    [['--exclude=*'], /9 excluded/],
    [['--existing', '--ignore-existing', '-D'], /9 entries missing at the destination/],
    [['--max-size=1', '--exclude=logs/', '--exclude=cache/', '--min-size=1'], /4 files larger than 1 byte/],
    [['--files-from=/dev/null'], /everything, because the list is empty/],
  ])('%j: no file was compared', async ([args, leftOut], { trees }) => {
    await writeTree(trees.source, SOURCE, TIME);
    const page = join(trees.directory, 'report.html');
    const { stdout } = await sync(trees, [...args, `--report=${page}`]);
    expect(stdout).toMatch(/^Success, but no files were compared$/m);
    expect(stdout).toMatch(leftOut);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('Not certain: no files were compared');
    expect(html).toMatch(/<body class="unsure">/);
    expect(html).toMatch(leftOut);
  });

  test('which metadata was not compared', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { mode: 0o600 }) });
    const { stdout } = await sync(trees, ['--preserve=none']);
    expect(stdout).toMatch(/^Success: everything you asked for is there$/m);
    expect(stdout).toMatch(/^ +Not compared +owner, group, mode, modification time, /m);
    expect((await verify(trees, ['--preserve=mode,mtime'], { status: 40 })).stdout).toMatch(
      /Not compared +owner, group, /,
    );
    const { stdout: usual } = await sync(trees);
    expect(usual).not.toContain('Not compared');
  });
});

describeWith(['root', 'tmpfs mount'], 'counted on mounts', () => {
  test('-x: each mount point', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', TIME), m: dir(), n: dir() });
    await unmountingBelow(trees.directory, async () => {
      for (const name of ['m', 'n']) mountMemory(join(trees.source, name));
      for (const report of [
        await syncForReport(trees, ['-x', '-n']),
        await syncForReport(trees, ['-x']),
        await verifyForReport(trees, ['-x']),
      ]) {
        expect(leftIn(report)).toEqual({ outside: 2 });
      }
    });
  });
});

describeWith(['another user'], 'as another user than root', () => {
  test('verify says how many owners differ', async ({ trees }) => {
    giveToNobody(trees);
    await writeTree(trees.source, { a: file('x', { ...TIME, uid: 1000, gid: 1000 }), b: file('y', TIME) });
    await sync(trees, [], { asNobody: true });
    const { stdout } = await verify(trees, ['--json'], { asNobody: true });
    expect(reportIn(stdout).coverage).toMatchObject({ scope: 'asked for', otherOwners: 2 });
  });
});
