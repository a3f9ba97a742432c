/** The page gives the run's answer, and says where to find unlisted items. */
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorPage, reportPage } from '../../../../src/report/html/page.ts';
import { FatalError } from '../../../../src/model/run/errors.ts';
import type { ListedChange } from '../../../../src/model/change.ts';
import type { RunStatistics } from '../../../../src/model/run/run-statistics.ts';
import type { Report } from '../../../../src/model/run/report.ts';
import type { RunSubject } from '../../../../src/report/text/facts.ts';
import { PROBLEM, PROVENANCE, reportOf, TASK, VERDICT, type ReportParts } from '../../../support/reports.ts';
import { STATISTICS } from '../../../support/statistics.ts';

const SUBJECT: RunSubject = {
  task: TASK,
  command: 'sync',
  origin: PROVENANCE,
  startedAt: new Date(0),
  logFile: undefined,
};

function page(parts: ReportParts, logFile?: string): string {
  return reportPage(reportOf(parts), { logFile });
}

/** The heading without its icon. */
function headline(text: string): string | undefined {
  return /<h1>.*?<\/span>([^<]*)<\/h1>/s.exec(text)?.[1]?.trim();
}

function taskWith(settings: Partial<Report['task']['settings']>): Report['task'] {
  return { ...TASK, settings: { ...TASK.settings, ...settings } };
}

const LEFT = { excludedUnverified: 2, entriesVerified: 3, filesVerified: 1 };
const LEFT_UNVERIFIED = { excludedEntries: 2 };

describe('the result', () => {
  test.each<[ReportParts, string]>([
    [{}, 'Yes: everything is there'],
    [{ command: 'verify' }, 'Yes: source and destination match'],
    [{ tally: LEFT }, 'Yes: everything you asked for is there'],
    [{ tally: LEFT, command: 'verify' }, 'Yes: everything you asked for matches'],
    [{ tally: { ...LEFT, filesVerified: 0 } }, 'Not certain: no files were compared'],
    [{ tally: { ...LEFT, filesVerified: 0 }, command: 'verify' }, 'Not certain: no files were compared'],
    [
      { task: taskWith({ verify: 'transferred' }), tally: { entriesVerified: 1 } },
      'Yes: everything transferred is there',
    ],
    [
      { task: taskWith({ verify: 'transferred' }), tally: LEFT_UNVERIFIED },
      'Nothing was transferred, and nothing was verified',
    ],
    [{ task: taskWith({ verify: 'none' }) }, 'Copied without errors, but not verified'],
    [{ command: 'prepare' }, 'Dry run: nothing to transfer'],
    [{ isInterrupted: true }, 'No: the run was interrupted'],
    [{ verdictCounts: { missing: 1 } }, 'No: 1 path differs'],
    [{ problemCounts: { failed: 1234, vanished: 0, changed: 0 } }, 'No: 1,234 paths could not be handled'],
    [
      { problemCounts: { failed: 0, vanished: 1, changed: 0 } },
      'Not certain: source entries vanished during the run',
    ],
    [{ verdictCounts: { 'source changed': 3 } }, 'Not certain: the source changed during the run'],
    [
      { deleteLimitReached: true, tally: { entriesToDelete: 3 } },
      'Everything was copied, but nothing was deleted',
    ],
  ])('%j', (parts, expected) => {
    expect(headline(page(parts))).toBe(expected);
  });

  test('of a run that ended without a report', () => {
    const text = errorPage(new FatalError('cannot write /<d>: No space left'), SUBJECT);
    expect(headline(text)).toBe('No: the run ended with an error');
    expect(text).toContain('Cannot write /&lt;d&gt;: No space left');
    expect(text).toMatch(/<b>What to do:<\/b> Fix what the message names/);
    expect(text).toContain('1970-01-01 00:00:00 UTC');
  });

  test('names absolute roots, and the snapshot that was read', () => {
    const task = { ...TASK, source: 'nas/.snapshot/daily', destination: '../efs' };
    const text = page({ task });
    expect(text).toContain(`${process.cwd()}/nas/.snapshot/daily<`);
    expect(text).toContain(`${dirname(process.cwd())}/efs<`);
  });

  test('says what it omits', () => {
    const filters = [{ action: 'exclude', pattern: '<a>' }] as const;
    const text = page({
      task: taskWith({ filters }),
      tally: { excludedUnverified: 1234, newerUnverified: 1 },
      notes: ['the source is <live>'],
    });
    expect(text).toContain('Left out: 1,234 excluded (--exclude=&lt;a&gt;).');
    expect(text).toContain('Left out: 1 file newer at the destination (--update).');
    expect(text).toContain('Not compared: access time, extended attributes, ACLs.');
    expect(text).toMatch(/<body class="unsure">/);
    expect(text).toContain('Files that exist only at the destination were kept');
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

  test('more than are listed: how many, of which kind, and where to find all', () => {
    const parts: ReportParts = {
      verdicts: [VERDICT],
      verdictCounts: { 'content mismatch': 12_020, missing: 1 },
      problems: [PROBLEM],
      problemCounts: { failed: 2, vanished: 0, changed: 0 },
    };
    const text = page(parts, '/var/log/<efs>\xff');
    expect(text).toContain(
      '12,021 paths. Only the first is listed here; all are in /var/log/&lt;efs&gt;\\#377.',
    );
    expect(text).toMatch(/Missing\s*<span class="count">1<\/span>/);
    expect(page(parts)).toContain('run with --log-file=FILE or --json to list them all');
  });

  test('a path that failed on both sides is one path', () => {
    const text = page({
      problems: [PROBLEM, { ...PROBLEM, side: 'destination' }, { ...PROBLEM, path: 'other' }],
      problemCounts: { failed: 2, vanished: 0, changed: 0 },
    });
    expect(text).toContain('2 paths, all listed here.');
  });

  test('ten of a kind are visible, the others unfold', () => {
    const problems = Array.from({ length: 1234 }, (_, index) => ({ ...PROBLEM, path: `p${index}` }));
    const text = page({
      problems,
      problemCounts: { failed: 1234, vanished: 0, changed: 0 },
    });
    const [seen, unfolded = ''] = text.split('1,224 more</summary>');
    expect(seen).toContain('<code>p9<');
    expect(seen).not.toContain('<code>p10<');
    expect(unfolded).toContain('<code>p1233<');
  });
});

function names(part: string): string[] | null {
  return part.match(/directory-[\d.]+/g);
}

function change(itemized: string, path: string): ListedChange {
  return { itemized, path, sizeBytes: 0 };
}

describe('the visible part', () => {
  const phases = [{ phase: 'verifying', elapsedMs: 5000 }] as const;

  test('differences come directly below the facts, before the counts', () => {
    const text = page({
      verdicts: [VERDICT],
      verdictCounts: { 'content mismatch': 1 },
      statistics: STATISTICS,
    });
    const order = ['class="facts"', 'id="differences"', '<h2>Counts', '<h2>Time', '<h2>File sizes'];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  test('five slow directories, the slowest first, and none below a second', () => {
    const slowestDirectories = [0.999, 1, 2, 3, 4, 5, 60].map((seconds, index) => ({
      phase: index % 2 === 0 ? 'preparing' : 'verifying',
      path: `directory-${seconds}`,
      elapsedMs: seconds * 1000,
    })) as RunStatistics['slowestDirectories'];
    const text = page({ statistics: { ...STATISTICS, slowestDirectories } });
    const [seen = '', unfolded = ''] = text
      .slice(text.indexOf('Slowest directories'))
      .split('1 more</summary>');
    expect(names(seen)).toEqual([60, 5, 4, 3, 2].map((seconds) => `directory-${seconds}`));
    expect(names(unfolded)).toEqual(['directory-1']);
  });

  test('no zeros of phases that did not run', () => {
    const text = page({ command: 'verify', phases, tally: { entriesVerified: 3, sourceSpecials: 2 } });
    for (const label of ['Entries verified', 'Bytes verified', 'Source specials'])
      expect(text).toContain(label);
    for (const label of ['Source symlinks', 'Files transferred', 'Retries'])
      expect(text).not.toContain(label);
  });

  test('paths of one directory are grouped below its name', () => {
    const paths = ['a/b/one', 'a/b/two', 'alone/three', 'four'];
    const verdicts = Array.from(paths, (path) => ({ ...VERDICT, path }));
    const text = page({ verdicts, verdictCounts: { 'content mismatch': 4 } });
    const codes = Array.from(text.matchAll(/<code>([^<]*)<\/code>/g), ([, name]) => name);
    expect(codes.filter((name) => !/^\d$/.test(name ?? ''))).toEqual([
      'a/b/',
      'one',
      'two',
      'alone/three',
      'four',
    ]);
  });
});

describe('a dry run', () => {
  test('does not look like a failure, and shows the planned changes, deletions first', () => {
    const changes = [
      change('*deleting  ', 'old/'),
      change('>f+++++++++', '<new>'),
      change('.d..t......', ''),
    ];
    const tally = { entriesToDelete: 1, filesToTransfer: 2000, entriesToAdjust: 1 };
    const text = page({ command: 'prepare', changes, tally });
    expect(text).toContain('<body class="plan">');
    expect(text).toContain('2,002 changes. The first 3 of them:');
    const shown = text.slice(text.indexOf('What would be done')).replaceAll(/\s*<[^>]*>\s*/g, ' ');
    expect(shown).toMatch(
      /Deleted 1 +delete +old\/ +Created and changed 2,001 +create +&lt;new&gt; +adjust +\. /,
    );
  });
});

test('a run of less than a second has no chart, a longer one also describes it in words', () => {
  const [sample] = STATISTICS.timeSeries;
  if (sample === undefined) throw new Error('there is none');
  const short = { ...STATISTICS, timeSeries: [{ ...sample, elapsedMs: 900 }] };
  expect(page({ statistics: short })).not.toContain('<svg');
  expect(page({ statistics: STATISTICS })).toMatch(
    /<desc id="throughput-description">Preparing: 0 bytes\/s on average.*Syncing: [\d.]+ MiB\/s on average/s,
  );
});
