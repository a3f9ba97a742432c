/** `--track-renames`: files that only moved at the source are renamed at the destination, and nothing else is. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { reportIn, syncForReport } from '../support/json-report.ts';
import { mirrored, move, TIME, TRACKING, WHOLE } from '../support/moves.ts';
import { writeTree } from '../support/oracle.ts';
import { expectSame, giveToNobody, run, sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, hardLink, type Node } from '../support/tree.ts';

const MEDIUM = 'm'.repeat(700_000);

function inodeOf({ destination }: Trees, path: string): number {
  return lstatSync(join(destination, path)).ino;
}

function listed(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => /^[*>c.]\S* +\S/.test(line))
    .toSorted();
}

describe('files that moved', () => {
  test('are renamed, alone and with their directories', async ({ trees }) => {
    await mirrored(trees, {
      a: file(MEDIUM, TIME),
      d: dir({
        one: file('one', TIME),
        below: dir({ two: file('two, longer', WHOLE), empty: file('', TIME) }),
      }),
    });
    const inodes = ['a', 'd/one', 'd/below/two', 'd/below/empty'].map((path) => inodeOf(trees, path));
    move(trees, 'a', 'x/y/b');
    move(trees, 'd', 'e');
    const { tally } = await syncForReport(trees, TRACKING);
    expect(tally).toMatchObject({ filesMoved: 4, bytesMoved: MEDIUM.length + 14, filesToMove: 4 });
    expect(tally).toMatchObject({ filesTransferred: 0, bytesWritten: 0, entriesDeleted: 2 });
    const now = ['x/y/b', 'e/one', 'e/below/two', 'e/below/empty'].map((path) => inodeOf(trees, path));
    expect(now).toEqual(inodes);
    await expectSame(trees);
    const again = await syncForReport(trees, TRACKING);
    expect(again.tally).toMatchObject({
      filesToMove: 0,
      filesMoved: 0,
      filesTransferred: 0,
      entriesDeleted: 0,
    });
  });

  test('get the metadata that they have now', async ({ trees }) => {
    await mirrored(trees, { a: file('content', { ...TIME, mode: 0o600 }) });
    move(trees, 'a', 'b');
    execFileSync('chmod', ['4751', join(trees.source, 'b')]);
    // Set-id bits go to nothing but what this run has written, and are not taken along.
    const isCopied = { filesMoved: 0, filesTransferred: 1 };
    expect((await syncForReport(trees, TRACKING)).tally).toMatchObject(isCopied);
    move(trees, 'b', 'c');
    execFileSync('chmod', ['640', join(trees.source, 'c')]);
    expect((await syncForReport(trees, TRACKING)).tally).toMatchObject(isCopied);
    move(trees, 'c', 'd');
    execFileSync('chmod', ['604', join(trees.source, 'd')]);
    const isMoved = { filesMoved: 1, filesTransferred: 0 };
    expect((await syncForReport(trees, TRACKING)).tally).toMatchObject(isMoved);
    await expectSame(trees);
  });

  test('are listed, before and after, and are no deletions', async ({ trees }) => {
    await mirrored(trees, { a: file('content', TIME), 'b c': file('another', TIME), gone: file('x', TIME) });
    move(trees, 'a', 'd/a');
    move(trees, 'b c', 'd/e f');
    rmSync(join(trees.source, 'gone'));
    writeFileSync(join(trees.source, 'd/new'), 'new');
    const expected = [
      '*deleting   gone',
      '*moving     d/a <- a',
      '*moving     d/e f <- b c',
      '.d..t...... ./',
      '>f+++++++++ d/new',
      'cd+++++++++ d/',
    ];
    const dryRun = await sync(trees, [...TRACKING, '--max-delete=1', '-n']);
    expect(listed(dryRun.stdout)).toEqual(expected);
    expect(dryRun.output).toMatch(/To move +2 files, 14 bytes not copied/);
    expect(readdirSync(trees.destination).toSorted()).toEqual(['a', 'b c', 'gone']);
    const real = await sync(trees, [...TRACKING, '--max-delete=1', '-i']);
    expect(listed(real.stdout).filter((line) => !line.startsWith('.d'))).toEqual(
      expected.filter((line) => !line.startsWith('.d')),
    );
    await expectSame(trees);
    move(trees, 'd/a', 'a');
    expect((await sync(trees, [...TRACKING, '-v'])).stdout).toMatch(/^moving a <- d\/a$/m);
    move(trees, 'a', 'b');
    const { stdout } = await sync(trees, [...TRACKING, '--json']);
    expect(stdout).toContain('"itemized":"*moving    ","path":"b","linkedTo":"a"');
    move(trees, 'b', 'c');
    expect((await sync(trees, [...TRACKING, '--out-format=%i|%n%L'])).stdout).toContain(
      '*moving    |c <- b\n',
    );
  });

  test('are renamed by who owns them, in directories that are closed; files of others are copied', async ({
    trees,
  }) => {
    const sizes = { own: file('own', TIME), other: file('other', TIME) };
    await mirrored(trees, { d: dir(sizes, { mode: 0o555 }) });
    giveToNobody(trees);
    chownSync(join(trees.destination, 'd/other'), 1, 1);
    move(trees, 'd', 'e');
    const { tally } = await syncForReport(trees, TRACKING, { asNobody: true });
    expect(tally).toMatchObject({ filesMoved: 1, filesTransferred: 1, entriesDeleted: 2 });
    await expectSame(trees);
  });

  test('are renamed although a limit keeps everything else from being deleted', async ({ trees }) => {
    await mirrored(trees, { a: file('content', TIME), b: file('1', TIME), c: file('22', TIME) });
    move(trees, 'a', 'd');
    rmSync(join(trees.source, 'b'));
    rmSync(join(trees.source, 'c'));
    const { tally } = await syncForReport(trees, [...TRACKING, '--max-delete=1'], { status: 25 });
    expect(tally).toMatchObject({ filesMoved: 1, entriesDeleted: 0 });
    expect(readdirSync(trees.destination).toSorted()).toEqual(['b', 'c', 'd']);
  });

  test.for([['--verify=transferred'], ['--verify=none'], ['--checksum'], ['-X'], ['--partial'], ['--fsync']])(
    'with %j',
    async (args, { trees }) => {
      await mirrored(trees, { d: dir({ a: file(MEDIUM, TIME), b: file('b', WHOLE) }) });
      move(trees, 'd', 'e');
      const { tally } = await syncForReport(trees, [...TRACKING, ...args]);
      expect(tally).toMatchObject({ filesMoved: 2, filesTransferred: 0 });
      if (args[0] === '--verify=transferred') expect(tally).toMatchObject({ filesVerified: 2 });
      await expectSame(trees);
    },
  );
});

describe('files that did not move', () => {
  const other = MEDIUM.replaceAll('m', 'n');
  const within = `${MEDIUM.slice(0, 300_000)}!${MEDIUM.slice(300_001)}`;

  test.for([
    { what: 'other content under the same name', was: ['d/f', MEDIUM], is: ['e/f', other], time: TIME },
    { what: 'a small file', was: ['d/f', 'old'], is: ['e/f', 'new'], time: TIME },
    {
      what: 'a difference in the middle, and another name',
      was: ['f', MEDIUM],
      is: ['g', within],
      time: TIME,
    },
    {
      what: 'a difference in the middle, and whole seconds',
      was: ['d/f', MEDIUM],
      is: ['f', within],
      time: WHOLE,
    },
  ] as const)('$what', async ({ was, is, time }, { trees }) => {
    await writeTree(trees.destination, nested(was[0], file(was[1], time)));
    await writeTree(trees.source, nested(is[0], file(is[1], time)));
    const { tally } = await syncForReport(trees, TRACKING);
    expect(tally).toMatchObject({ filesMoved: 0, filesToMove: 0, filesTransferred: 1 });
    await expectSame(trees);
  });

  test('one of two that are alike', async ({ trees }) => {
    await writeTree(trees.destination, { a: file(MEDIUM, TIME), b: file(other, TIME) });
    await writeTree(trees.source, { c: file(within, TIME), d: dir({ b: file(other, TIME) }) });
    expect((await syncForReport(trees, TRACKING)).tally).toMatchObject({
      filesMoved: 1,
      filesTransferred: 1,
    });
    await expectSame(trees);
  });

  test('swapped, hard-linked, protected, or in the way', async ({ trees }) => {
    await mirrored(trees, {
      a: file('content of a', TIME),
      b: file('content of b!', TIME),
      h: file('linked', TIME),
      'h 2': hardLink('h'),
      'x.keep': file('kept', TIME),
      way: dir({ f: file('in the way', TIME) }),
    });
    move(trees, 'a', 'tmp');
    move(trees, 'b', 'a');
    move(trees, 'tmp', 'b');
    move(trees, 'h', 'i');
    rmSync(join(trees.source, 'x.keep'));
    await writeTree(trees.source, { y: file('kept', TIME) });
    move(trees, 'way/f', 'f');
    rmSync(join(trees.source, 'way'), { recursive: true });
    writeFileSync(join(trees.source, 'way'), 'a file now');
    const { tally } = await syncForReport(trees, [...TRACKING, '--exclude=*.keep']);
    expect(tally).toMatchObject({ filesMoved: 0 });
    await expectSame(trees, { ignore: ['x.keep'] });
    expect(existsSync(join(trees.destination, 'x.keep'))).toBe(true);
  });
});

/** One file below new directories. */
function nested(path: string, node: Node): Record<string, Node> {
  const [first = '', ...rest] = path.split('/');
  return { [first]: rest.length === 0 ? node : dir(nested(rest.join('/'), node)) };
}

describe('refused', () => {
  test.for([
    [['--track-renames'], /--track-renames .* needs --delete/],
    [['--track-renames', '--delete', '-I'], /--track-renames .* --ignore-times/],
    [['--track-renames=yes', '--delete'], /--track-renames/],
  ] as const)('%j', async ([args, message], { trees }) => {
    await writeTree(trees.source, { a: file('a') });
    expect((await sync(trees, args, { status: 1 })).stderr).toMatch(message);
    expect(readdirSync(trees.destination)).toEqual([]);
  });

  test('in a task file', async ({ trees }) => {
    const task = join(trees.directory, 'task.yaml');
    const text = `source: ${trees.source}\ndestination: ${trees.destination}\ntrack-renames: true\n`;
    await mirrored(trees, { a: file('content', TIME) });
    move(trees, 'a', 'b');
    writeFileSync(task, text);
    expect((await run(['run', task], { status: 1 })).stderr).toMatch(/needs --delete/);
    writeFileSync(task, `${text}delete: true\n`);
    expect(reportIn((await run(['run', task, '--json'])).stdout).tally).toMatchObject({ filesMoved: 1 });
  });
});
