/** The report as people read it, whole. */
import { describe, expect, test } from 'vitest';
import { formatReport } from '../../../../src/cli/format/final-report.ts';
import { loadPaint, NO_PAINT } from '../../../../src/cli/paint.ts';
import type { Report } from '../../../../src/model/report.ts';
import { PROBLEM, reportOf, VERDICT, type ReportParts } from '../../../support/reports.ts';

function text(report: Report, options: { stats?: boolean; listLimit?: number } = {}): string {
  const { stats = false, listLimit = 20 } = options;
  return formatReport(report, { paint: NO_PAINT, stats, listLimit });
}

const SOURCE = {
  sourceEntries: 12,
  sourceFiles: 9,
  sourceDirectories: 2,
  sourceSymlinks: 1,
  sourceBytes: 2048,
};

test('a run that transferred', () => {
  const report = reportOf({
    phases: [
      { phase: 'preparing', elapsedMs: 200 },
      { phase: 'syncing', elapsedMs: 2000 },
      { phase: 'verifying', elapsedMs: 500 },
    ],
    elapsedMs: 2700,
    tally: {
      ...SOURCE,
      excludedEntries: 1234,
      filesToTransfer: 1,
      filesTransferred: 1,
      bytesTransferred: 4_194_304,
      entriesCreated: 3,
      entriesAdjusted: 1,
      entriesLinked: 2,
      entriesDeleted: 4000,
      retries: 5,
      entriesVerified: 12,
      filesVerified: 9,
      bytesVerified: 2048,
    },
    notes: ['the source is a live file system'],
  });
  expect(text(report)).toBe(`Success
  Source       9 files, 2 directories, 1 symbolic link, 1,234 excluded; 2.00 KiB
  Transferred  1 file, 4.00 MiB (2.00 MiB/s)
  Created      3 entries
  Adjusted     1 entry
  Linked       2 entries
  Deleted      4,000 entries
  Retries      5
  Verified     12 entries; content of 9 files, 2.00 KiB
  Time         2.70 s (preparing 200 ms, syncing 2.00 s, verifying 500 ms)

Note: the source is a live file system
`);
});

test('a run with nothing to do is short', () => {
  expect(text(reportOf({ tally: SOURCE, elapsedMs: 42 }))).toBe(`Success: nothing to transfer
  Source  9 files, 2 directories, 1 symbolic link; 2.00 KiB
  Time    42 ms
`);
});

test('a dry run tells what would be done', () => {
  const tally = { filesToTransfer: 2, bytesToTransfer: 1024, entriesToCreate: 1, entriesToDelete: 3 };
  expect(text(reportOf({ command: 'prepare', tally, elapsedMs: 42 }))).toBe(`Dry run: nothing was written
  To transfer  2 files, 1.00 KiB
  To create    1 entry
  To delete    3 entries
  Time         42 ms
`);
});

test('problems and differences are listed, so many of them', () => {
  const report = reportOf({
    problems: [
      PROBLEM,
      { ...PROBLEM, path: 'odd\n', class: 'vanished', code: 'ENOENT', reason: 'No such file' },
    ],
    problemCounts: { failed: 1, vanished: 1, changed: 0 },
    verdicts: [VERDICT, { ...VERDICT, class: 'missing', path: '', detail: '' }, VERDICT],
    verdictCounts: { 'content mismatch': 1233, missing: 1 },
  });
  expect(text(report, { listLimit: 2 }))
    .toBe(`Verification failure: 1,234 paths differ (1,233 content mismatch, 1 missing) (exit status 40)
  Problems  1 failed, 1 vanished
  Time      12.3 s

Problems: 2 paths
  cannot read /mnt/nfs/d/f: Permission denied (EACCES)
  vanished: /mnt/nfs/odd\\#012: No such file (ENOENT)

Differences: 1,234 paths
  content mismatch: d/f: xxh64 1 is not 2
  missing: .
  ... and 1,232 more; --report=FILE lists more
`);
});

describe('the first line', () => {
  test.each<[ReportParts, string]>([
    [{ command: 'verify' }, 'Success: source and destination match'],
    [{ command: 'prepare' }, 'Dry run: nothing to transfer'],
    [{ isInterrupted: true }, 'Interrupted (exit status 20)'],
    [
      { problemCounts: { failed: 2, vanished: 0, changed: 0 } },
      'Incomplete: 2 paths failed (exit status 23)',
    ],
    [
      { problemCounts: { failed: 0, vanished: 1, changed: 0 } },
      'Incomplete: 1 source path vanished (exit status 24)',
    ],
    [
      { verdictCounts: { 'source changed': 3 } },
      'Incomplete: 3 source paths changed during the run (exit status 41)',
    ],
    [
      { deleteLimitReached: true, tally: { entriesToDelete: 3 } },
      'Incomplete: delete limit reached, 3 paths to delete, none was deleted (exit status 25)',
    ],
  ])('%j', (parts, line) => {
    expect(text(reportOf(parts)).split('\n')[0]).toBe(line);
  });
});

test('--stats adds every count', () => {
  const lines = text(reportOf({ tally: { bytesWritten: 1_234_567 } }), { stats: true }).split('\n');
  expect(lines).toContain('Statistics');
  expect(lines).toContain('  Bytes written        1,234,567');
});

test('the first line is coloured where colour is wanted', async () => {
  const style = { paint: await loadPaint(), stats: false, listLimit: 20 };
  expect(formatReport(reportOf(), style)).toContain('\x1b[32m');
  expect(formatReport(reportOf({ isInterrupted: true }), style)).toContain('\x1b[31m');
});
