/** The complete report as people read it. */
import { describe, expect, test } from 'vitest';
import { formatReport } from '../../../../src/report/text/final-report.ts';
import { loadPaint, NO_PAINT } from '../../../../src/report/screen.ts';
import type { Report } from '../../../../src/model/run/report.ts';
import type { VerifyMode } from '../../../../src/model/settings.ts';
import { PROBLEM, reportOf, TASK, VERDICT, type ReportParts } from '../../../support/reports.ts';

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
      excludedUnverified: 1234,
      filesToTransfer: 1,
      filesTransferred: 1,
      bytesTransferred: 4_194_304,
      bytesWritten: 4_194_304,
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
  expect(text(report)).toBe(`Success: everything you asked for is there
  Source       9 files, 2 directories, 1 symbolic link; 2.00 KiB
  Left out     1,234 excluded (filter rules)
  Transferred  1 file, 4.00 MiB (2.00 MiB/s)
  Created      3 entries
  Adjusted     1 entry
  Linked       2 entries
  Deleted      4,000 entries
  Retries      5
  Verified     12 entries; content of 9 files, 2.00 KiB; destination read from cache
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

test('a dry run says what would be done', () => {
  const tally = { filesToTransfer: 2, bytesToTransfer: 1024, entriesToCreate: 1, entriesToDelete: 3 };
  expect(text(reportOf({ command: 'prepare', tally, elapsedMs: 42 }))).toBe(`Dry run: nothing was written
  To transfer  2 files, 1.00 KiB
  To create    1 entry
  To delete    3 entries
  Time         42 ms
`);
});

test('problems and differences are listed, up to a limit', () => {
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
    .toBe(`Verification failure: 1,234 paths differ (content mismatch: 1,233, missing: 1) (exit status 40)
  Problems  1 failed, 1 vanished
  Time      12.3 s

Problems: 2 paths
  cannot copy /mnt/nfs/d/f: Permission denied (EACCES)
  vanished: /mnt/nfs/odd\\#012: No such file (ENOENT)

Differences: 1,234 paths
  content mismatch: d/f: xxh64 1 is not 2; run again with --checksum or --repair
  missing: .; run again to copy it
  ... and 1,232 more; --report=FILE lists more
`);
});

test('a stand-alone report: facts, then findings with absolute paths, then counts', () => {
  const task = { ...TASK, source: 'data' };
  const parts = { task, problems: [PROBLEM], problemCounts: { failed: 1, vanished: 0, changed: 0 } };
  const style = { paint: NO_PAINT, stats: true, listLimit: 10, facts: true };
  const lines = formatReport(reportOf(parts), style)
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '));
  const places = [' User root (uid 0)', 'Problems: 1 path', 'Counts'].map((line) => lines.indexOf(line));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places).not.toContain(-1);
  expect(lines).toContain(` cannot copy ${process.cwd()}/data/d/f: Permission denied (EACCES)`);
  expect(lines).toContain(` Source ${process.cwd()}/data`);
  expect(lines).toContain(' on nfs4 nas:/export, mounted at /mnt/nfs');
});

test('rates of phases that took a second, and directories that did', () => {
  const sample = { startMs: 0, entries: 5, bytes: 0 };
  const statistics = {
    timeSeries: [
      { ...sample, phase: 'preparing', elapsedMs: 999 },
      { ...sample, phase: 'syncing', elapsedMs: 1000 },
    ],
    slowestDirectories: [
      { phase: 'syncing', path: 'fast', elapsedMs: 999 },
      { phase: 'syncing', path: 'slow', elapsedMs: 1000 },
    ],
    fileSizes: [],
  } as const;
  const shown = text(reportOf({ statistics }), { stats: true });
  expect(shown).toContain('Rates\n  Syncing  entries 5/s, peak 5/s\n');
  expect(shown).toContain('slow\n');
  expect(shown).not.toContain('fast');
});
const DONE = { filesToTransfer: 1, entriesVerified: 2, filesVerified: 1 };
const LEFT = { excludedUnverified: 1, entriesVerified: 2, filesVerified: 1 };
const UNVERIFIED = taskVerifying('none');
const TRANSFERRED = taskVerifying('transferred');

function taskVerifying(verify: VerifyMode): Report['task'] {
  return { ...TASK, settings: { ...TASK.settings, verify } };
}

describe('the first line', () => {
  test.each<[ReportParts, string]>([
    [{ command: 'verify' }, 'Success: source and destination match'],
    [{ command: 'prepare' }, 'Dry run: nothing to transfer'],
    [{}, 'Success: nothing to transfer'],
    [{ tally: DONE }, 'Success'],
    [{ tally: { ...DONE, ...LEFT } }, 'Success: everything you asked for is there'],
    [{ tally: LEFT }, 'Success: everything you asked for is already there'],
    [{ tally: LEFT, command: 'verify' }, 'Success: everything you asked for matches'],
    [{ tally: { ...LEFT, filesVerified: 0 } }, 'Success, but no files were compared'],
    [{ tally: { ...LEFT, filesVerified: 0 }, command: 'verify' }, 'Success, but no files were compared'],
    [{ task: UNVERIFIED, tally: DONE }, 'Success: copied, not verified'],
    [{ task: UNVERIFIED }, 'Success: nothing to transfer, nothing verified'],
    [{ task: TRANSFERRED, tally: DONE }, 'Success: everything transferred is there'],
    [{ task: TRANSFERRED }, 'Success: nothing to transfer, nothing verified'],
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
      'Incomplete: delete limit reached: 3 paths to delete, none deleted (exit status 25)',
    ],
  ])('%j', (parts, line) => {
    expect(text(reportOf(parts)).split('\n')[0]).toBe(line);
  });
});

test('--stats adds every count', () => {
  const lines = text(reportOf({ tally: { bytesWritten: 1_234_567 } }), { stats: true }).split('\n');
  expect(lines).toContain('Statistics');
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}Bytes written +1,234,567$/));
});

test('the first line is coloured on request', async () => {
  const style = { paint: await loadPaint(), stats: false, listLimit: 20 };
  expect(formatReport(reportOf(), style)).toContain('\x1b[32m');
  const unproven = { tally: { excludedUnverified: 1 } };
  expect(formatReport(reportOf(unproven), style)).toContain('\x1b[33m');
  expect(formatReport(reportOf({ command: 'prepare', ...unproven }), style)).toContain('\x1b[32m');
  expect(formatReport(reportOf({ isInterrupted: true }), style)).toContain('\x1b[31m');
});
