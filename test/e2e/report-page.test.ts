/**
 * The HTML report in a real browser: self-contained, without scripts, light and dark, in print and on a
 * telephone.
 */
import { execFileSync } from 'node:child_process';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { reportPage } from '../../src/report/html/page.ts';
import type { Report } from '../../src/model/run/report.ts';
import { backgroundOf, faintTexts, launchBrowser, openFile, type OpenPage } from '../support/browser.ts';
import { writeTree } from '../support/oracle.ts';
import { PROBLEM, reportOf, VERDICT } from '../support/reports.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, verify, type Trees } from '../support/scenario.ts';
import { STATISTICS } from '../support/statistics.ts';
import { dir, file, type Tree } from '../support/tree.ts';

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(2)<\\script>',
  '"><svg onload=alert(3)>',
  `' onmouseover='alert(4)`,
  '&lt;b&gt;',
  '</code',
];

function manyProblems(count = 10_000): Report {
  return reportOf({
    statistics: STATISTICS,
    phases: [
      { phase: 'preparing', elapsedMs: 20 },
      { phase: 'syncing', elapsedMs: 3_599_000 },
    ],
    problems: Array.from({ length: count }, (_, index) => ({
      ...PROBLEM,
      path: `${'directory/'.repeat(12)}${index}`,
    })),
    problemCounts: { failed: 12_345, vanished: 0, changed: 0 },
    verdicts: Array.from({ length: count }, (_, index) => ({
      ...VERDICT,
      path: `${'x'.repeat(200)}${index}`,
      sourceDigest: 'ab'.repeat(32),
      destinationDigest: 'cd'.repeat(32),
    })),
    verdictCounts: { 'content mismatch': count },
    notes: ['a note'],
  });
}

describeWith(['chromium'], 'in chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
  });

  async function open(
    report: Report,
    { directory }: Trees,
    options?: BrowserContextOptions,
  ): Promise<OpenPage> {
    const path = join(directory, 'report.html');
    writeFileSync(path, reportPage(report, { logFile: undefined }));
    return openFile(browser, path, options);
  }

  test('a sync: the result, with scripts off, and without any other request', async ({ trees }) => {
    await writeTree(trees.source, { a: file('content') });
    const path = join(trees.directory, 'report.html');
    await sync(trees, [`--report=${path}`]);
    const { page, requests, complaints } = await openFile(browser, path, { javaScriptEnabled: false });
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Yes: everything is there');
    expect(await page.getByRole('row', { name: 'Transferred' }).textContent()).toContain('1 file, 7 bytes');
    expect(requests).toEqual([`file://${path}`]);
    expect(complaints).toEqual([]);
  });

  test('a dry run: what it would do, as rsync lists it, deletions first', async ({ trees }) => {
    const names = Array.from({ length: 150 }, (_, index) => [`new${index}`, file(`${index}`)]);
    await writeTree(trees.source, Object.fromEntries(names) as Tree);
    await writeTree(trees.destination, { gone: file('1'), old: dir({ gone: file('2') }) });
    // rsync ignores differences of less than a second.
    utimesSync(trees.source, 1, 1);
    const path = join(trees.directory, 'report.html');
    await sync(trees, ['-n', '--delete', `--report=${path}`]);
    const args = ['-ani', '--delete', `${trees.source}/`, `${trees.destination}/`];
    const lines = execFileSync('rsync', args, { encoding: 'utf8' }).trimEnd().split('\n');
    const { page } = await openFile(browser, path);
    expect(await page.locator('#changes').textContent()).toContain(`${lines.length} changes`);
    const shown = (await page.locator('#changes li:has(.what)').allTextContents()).map((text) =>
      text.trim().split(/\s+/),
    );
    expect(shown).toHaveLength(100);
    const deleted = lines.filter((line) => line.startsWith('*deleting')).map((line) => line.slice(12));
    const first = shown.slice(0, deleted.length);
    expect(first.map(([what, name]) => `${what} ${name}`).toSorted()).toEqual(
      deleted.map((name) => `delete ${name}`).toSorted(),
    );
    expect(await page.locator('body').getAttribute('class')).toBe('plan');
  });

  test('a run that could not begin', async ({ trees }) => {
    const path = join(trees.directory, 'report.html');
    await sync({ ...trees, source: '/none<b>' }, [`--report=${path}`], { status: 3 });
    const { page, complaints } = await openFile(browser, path);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(
      'No: the run ended with an error',
    );
    expect(await page.getByRole('main').textContent()).toContain('/none<b>');
    expect(complaints).toEqual([]);
  });

  test('names are text, whatever they say', async ({ trees }) => {
    const names = [...HOSTILE, '\xff\xfe', 'line\nend', '\xe2\x80\xaeright-to-left'];
    const entries = (content: string) =>
      Object.fromEntries(names.map((name) => [name.replaceAll('/', '\\'), file(content)]));
    await writeTree(trees.source, entries('one'));
    await writeTree(trees.destination, entries('two'));
    const path = join(trees.directory, 'report.html');
    await verify(trees, [`--report=${path}`], { status: 40 });
    const { page, requests, complaints } = await openFile(browser, path);
    const shown = await page.locator('#differences li:not(.directory) > code').allTextContents();
    const expected = [
      ...HOSTILE.map((name) => name.replaceAll('/', '\\')),
      '\\#377\\#376',
      'line\\#012end',
      '\\#342\\#200\\#256right-to-left',
    ];
    expect(shown.filter((name) => name !== '.').toSorted()).toEqual(expected.toSorted());
    expect(await page.locator('#differences :is(img, script, svg, [onmouseover])').count()).toBe(0);
    await page.hover('#differences li');
    expect(requests).toEqual([`file://${path}`]);
    expect(complaints).toEqual([]);
  });

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    test('every text has enough contrast', async ({ trees }) => {
      const { page } = await open(manyProblems(200), trees, { colorScheme });
      expect(await backgroundOf(page)).toBe(
        colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(21, 23, 27)',
      );
      expect(await faintTexts(page)).toEqual([]);
    });
  });

  test('nothing scrolls sideways, even unfolded', async ({ trees }) => {
    for (const width of [320, 600, 1400]) {
      const { page } = await open(manyProblems(200), trees, { viewport: { width, height: 700 } });
      await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
  });

  test('thousands of problems: some are visible, the listed ones unfold, and all are counted', async ({
    trees,
  }) => {
    const { page } = await open(manyProblems(), trees, { javaScriptEnabled: false });
    await page.getByRole('link', { name: '12,345 problems' }).click();
    const problems = page.locator('#problems');
    expect(await problems.textContent()).toContain('12,345 paths. Only the first 10,000 are listed here');
    expect(await problems.locator('li:not(.directory):visible').count()).toBe(10);
    await problems.getByText('9,990 more').click();
    await problems.locator('li').last().waitFor({ state: 'visible' });
  });

  test('the charts have names and descriptions, and their numbers are in a table', async ({ trees }) => {
    const { page } = await open(manyProblems(), trees, { javaScriptEnabled: false });
    const chart = page.getByRole('img', { name: /^Throughput.*Syncing: [\d.]+ MiB\/s on average/s });
    expect((await chart.boundingBox())?.width).toBeGreaterThan(300);
    await page.getByText('Show as a table').click();
    expect(await page.getByRole('columnheader', { name: 'Entries/s' }).isVisible()).toBe(true);
    expect(await page.locator('section:has(figure) details tbody tr').count()).toBe(
      STATISTICS.timeSeries.length,
    );
  });

  test('in print it is dark on white, and short', async ({ trees }) => {
    const { page } = await open(manyProblems(), trees, { colorScheme: 'dark' });
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeLessThan(12);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await backgroundOf(page)).toBe('rgb(255, 255, 255)');
    expect(await faintTexts(page)).toEqual([]);
  });
});
