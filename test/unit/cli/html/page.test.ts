/** The answer on the page is that of the run, and what is not listed is said to be elsewhere. */
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorPage, reportPage } from '../../../../src/cli/html/page.ts';
import { FatalError } from '../../../../src/errors.ts';
import type { Report } from '../../../../src/model/report.ts';
import { PROBLEM, reportOf, TASK, VERDICT, type ReportParts } from '../../../support/reports.ts';
import { STATISTICS } from '../../../support/statistics.ts';

function page(parts: ReportParts, logFile?: string): string {
  return reportPage(reportOf(parts), { task: TASK, logFile });
}

/** Without its mark. */
function headline(text: string): string | undefined {
  return /<h1>.*?<\/span>([^<]*)<\/h1>/s.exec(text)?.[1]?.trim();
}

function taskWith(settings: Partial<Report['task']['settings']>): Report['task'] {
  return { ...TASK, settings: { ...TASK.settings, ...settings } };
}

describe('the answer', () => {
  test.each<[ReportParts, string]>([
    [{}, 'Yes: everything is there'],
    [{ command: 'verify' }, 'Yes: source and destination match'],
    [{ task: taskWith({ verify: 'transferred' }) }, 'Yes: all that was transferred is there'],
    [{ task: taskWith({ verify: 'none' }) }, 'Copied without an error, but not verified'],
    [{ command: 'prepare' }, 'Dry run: nothing to transfer'],
    [{ isInterrupted: true }, 'No: the run was interrupted'],
    [{ verdictCounts: { missing: 1 } }, 'No: 1 path differs'],
    [{ problemCounts: { failed: 1234, vanished: 0, changed: 0 } }, 'No: 1,234 paths could not be handled'],
    [
      { problemCounts: { failed: 0, vanished: 1, changed: 0 } },
      'Not certain: the source lost entries during the run',
    ],
    [{ verdictCounts: { 'source changed': 3 } }, 'Not certain: the source changed during the run'],
    [{ deleteLimitReached: true, tally: { entriesToDelete: 3 } }, 'All is copied, but nothing was deleted'],
  ])('%j', (parts, expected) => {
    expect(headline(page(parts))).toBe(expected);
  });

  test('of a run that ended without a report', () => {
    const text = errorPage(new FatalError('cannot write /<d>: No space left'), {
      task: TASK,
      logFile: undefined,
    });
    expect(headline(text)).toBe('No: the run ended with an error');
    expect(text).toContain('cannot write /&lt;d&gt;: No space left');
  });

  test('is about roots that whoever reads it can find, and about the snapshot that was read', () => {
    const task = { ...TASK, source: 'nas/.snapshot/daily', destination: '../efs' };
    const text = page({ task });
    expect(text).toContain(`${process.cwd()}/nas/.snapshot/daily<`);
    expect(text).toContain(`${dirname(process.cwd())}/efs<`);
  });

  test('says what it leaves out', () => {
    const text = page({ tally: { excludedEntries: 1234 }, notes: ['the source is <live>'] });
    expect(text).toContain('Filter rules excluded 1,234 entries.');
    expect(text).toContain('What only the destination has was left alone');
    expect(text).toContain('The source is &lt;live&gt;.');
  });
});

describe('findings', () => {
  test('both digests, and what to do', () => {
    const text = page({
      verdicts: [{ ...VERDICT, sourceDigest: '1f1f', destinationDigest: '2e2e' }],
      verdictCounts: { 'content mismatch': 1 },
    });
    for (const part of ['1f1f', '2e2e', 'xxh64', 'Run it again with --checksum'])
      expect(text).toContain(part);
  });

  test('more than are listed: how many, of which kind, and where all are', () => {
    const parts: ReportParts = {
      verdicts: [VERDICT],
      verdictCounts: { 'content mismatch': 12_020, missing: 1 },
      problems: [PROBLEM],
      problemCounts: { failed: 2, vanished: 0, changed: 0 },
    };
    const text = page(parts, '/var/log/<efs>\xff');
    expect(text).toContain(
      '12,021 paths. The first 1 are listed here; all are in /var/log/&lt;efs&gt;\\#377.',
    );
    expect(text).toMatch(/Missing\s*<span class="count">1<\/span>/);
    expect(page(parts)).toContain('a run with --log-file=FILE or --json tells all');
  });

  test('ten of a kind are in sight, the others unfold', () => {
    const problems = Array.from({ length: 1234 }, (_, index) => ({ ...PROBLEM, path: `p${index}` }));
    const text = page({
      problems,
      problemCounts: { failed: 1234, vanished: 0, changed: 0 },
    });
    const [seen, unfolded = ''] = text.split('1,224 more</summary>');
    expect(seen).toContain('/mnt/nfs/p9<');
    expect(seen).not.toContain('/mnt/nfs/p10<');
    expect(unfolded).toContain('/mnt/nfs/p1233<');
  });
});

test('a run of less than a second has no chart, a longer one tells it in words too', () => {
  const [sample] = STATISTICS.timeSeries;
  if (sample === undefined) throw new Error('there is none');
  const short = { ...STATISTICS, timeSeries: [{ ...sample, elapsedMs: 900 }] };
  expect(page({ statistics: short })).not.toContain('<svg');
  expect(page({ statistics: STATISTICS })).toMatch(
    /<desc id="throughput-description">Preparing: 0 bytes\/s on average.*Syncing: [\d.]+ MiB\/s on average/s,
  );
});
