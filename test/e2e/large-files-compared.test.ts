/** All workers compare a file past 64 MiB, in ranges, and it is judged like any other. */
import { chmodSync, linkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { expectNothingToDo, reportIn, syncForReport } from '../support/json-report.ts';
import {
  cmp,
  copyOf,
  flip,
  RANGE,
  sha256Of,
  SIZE,
  sourceOf,
  writeLarge,
  writePair,
} from '../support/large-file.ts';
import { describeWith } from '../support/requirements.ts';
import { itemizedLines, rsync } from '../support/rsync.ts';
import { expectSame, giveToNobody, snapshot, sync, test, verify } from '../support/scenario.ts';

describe('comparing', () => {
  const places = [0, RANGE - 1, RANGE, 2 * RANGE + 77, 3 * RANGE, SIZE - 1];

  test.for(places)('a byte that differs at %d is found', async (offset, { memoryTrees: trees }) => {
    writePair(trees);
    await verify(trees);
    flip(copyOf(trees), offset);
    const { stdout } = await verify(trees, ['--digest=sha256', '--json'], { status: 40 });
    const { verdicts, tally } = reportIn(stdout);
    expect(verdicts).toMatchObject([
      {
        class: 'content mismatch',
        path: 'large',
        sourceDigest: sha256Of(sourceOf(trees)),
        destinationDigest: sha256Of(copyOf(trees)),
      },
    ]);
    expect(tally).toMatchObject({ filesVerified: 1, bytesVerified: SIZE });
  });

  test('--verify=transferred compares it too', async ({ memoryTrees: trees }) => {
    writeLarge(sourceOf(trees));
    const { tally } = await syncForReport(trees, ['--verify=transferred']);
    expect(tally).toMatchObject({ filesVerified: 1, bytesVerified: SIZE });
  });

  test('a difference in metadata alone is reported as such', async ({ memoryTrees: trees }) => {
    writePair(trees);
    chmodSync(copyOf(trees), 0o600);
    const { stdout } = await verify(trees, ['--json'], { status: 40 });
    expect(reportIn(stdout).verdicts).toMatchObject([{ class: 'metadata differs', path: 'large' }]);
  });
});

describe('--checksum', () => {
  test('copies a file that differs in its last byte, and nothing else', async ({ memoryTrees: trees }) => {
    writePair(trees);
    writeFileSync(join(trees.source, 'same'), 'x');
    await sync(trees);
    flip(copyOf(trees), SIZE - 1);
    expect((await syncForReport(trees, ['--verify=none'])).tally['filesTransferred']).toBe(0);
    const { tally } = await syncForReport(trees, ['--checksum', '--verify=none']);
    expect(tally).toMatchObject({ filesToTransfer: 1, bytesToTransfer: SIZE, filesTransferred: 1 });
    cmp(trees);
  });

  test('changes nothing if all is equal', async ({ memoryTrees: trees }) => {
    writePair(trees);
    const before = await snapshot(trees.destination);
    await expectNothingToDo(trees, ['--checksum']);
    expect(await snapshot(trees.destination)).toEqual(before);
  });

  test('keeps hard links, whichever of their names differs', async ({ memoryTrees: trees }) => {
    writePair(trees);
    linkSync(sourceOf(trees), join(trees.source, 'other'));
    await sync(trees);
    flip(copyOf(trees), RANGE);
    await sync(trees, ['--checksum']);
    cmp(trees);
    await expectSame(trees);
  });

  describeWith(['rsync'], 'as rsync lists it', () => {
    test.for(['content', 'time', 'both', 'neither'])('%s differs', async (what, { memoryTrees: trees }) => {
      writePair(trees);
      if (what === 'content' || what === 'both') flip(copyOf(trees), 2 * RANGE);
      if (what === 'time' || what === 'both') utimesSync(copyOf(trees), 1, 1);
      const { stdout } = await sync(trees, ['--checksum', '-n', '-i']);
      const listed = rsync(trees.source, trees.destination, ['--checksum', '-n', '-i']);
      expect(itemizedLines(stdout)).toEqual(itemizedLines(listed));
    });
  });
});

describeWith(['root', 'another user'], 'a large file that cannot be read', () => {
  test('is a read error, of the side that failed', async ({ memoryTrees: trees }) => {
    writePair(trees);
    giveToNobody(trees);
    chmodSync(sourceOf(trees), 0);
    chmodSync(copyOf(trees), 0);
    const { stdout } = await verify(trees, ['--json'], { asNobody: true, status: 23 });
    expect(reportIn(stdout).verdicts).toMatchObject([
      { class: 'read error', path: 'large', detail: expect.stringMatching(/^source: .*denied/i) as string },
    ]);
  });

  test('is a problem of --checksum, and is not written', async ({ memoryTrees: trees }) => {
    writePair(trees);
    giveToNobody(trees);
    chmodSync(sourceOf(trees), 0);
    chmodSync(copyOf(trees), 0);
    const { stdout } = await sync(trees, ['--checksum', '--json', '--verify=none'], {
      asNobody: true,
      status: 23,
    });
    expect(reportIn(stdout).problems).toMatchObject([
      { path: 'large', phase: 'preparing', side: 'source', attempt: 'compare', code: 'EACCES' },
    ]);
  });
});
