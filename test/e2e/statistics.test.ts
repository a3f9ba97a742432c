/**
 * Reported rates, slow directories and file sizes match the work done; without a report nothing is collected.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import type { RunStatistics, TimeSample } from '../../src/model/run/run-statistics.ts';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const TREE = {
  empty: file(''),
  small: file('12345'),
  d: dir({ e: dir({ some: file('x'.repeat(20_000)) }), '\xff': dir({ f: file('1') }) }),
};
const SIZES = [
  { largestBytes: 0, files: 1, bytes: 0 },
  { largestBytes: 1024, files: 2, bytes: 6 },
  { largestBytes: 102_400, files: 1, bytes: 20_000 },
];

interface WrittenReport {
  readonly tally: Readonly<Record<string, number>>;
  readonly statistics: RunStatistics;
}

function readReport(path: string): WrittenReport {
  return JSON.parse(readFileSync(path, 'utf8')) as WrittenReport;
}

function reportFile({ directory }: Trees): string {
  return `${directory}/report.json`;
}

function sumOf({ timeSeries }: RunStatistics, phase: string, amount: 'bytes' | 'entries'): number {
  return timeSeries
    .filter((sample: TimeSample) => sample.phase === phase)
    .reduce((total, sample) => total + sample[amount], 0);
}

test('sizes, rates and directories of a sync', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  await sync(trees, [`--report=${reportFile(trees)}`]);
  const { statistics, tally } = readReport(reportFile(trees));
  expect(statistics.fileSizes).toEqual(SIZES);
  expect(sumOf(statistics, 'syncing', 'bytes')).toBe(20_006);
  expect(sumOf(statistics, 'verifying', 'bytes')).toBe(20_006);
  expect(sumOf(statistics, 'verifying', 'entries')).toBe(tally['entriesVerified']);
  const listed = statistics.slowestDirectories.filter(({ phase }) => phase === 'preparing');
  expect(listed.map(({ path }) => path).toSorted()).toEqual(['', 'd', 'd/e', 'd/\ufffd']);
});

test('sizes of a mere verification, and of --verify=transferred', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  await sync(trees, ['--verify=transferred', `--report=${reportFile(trees)}`]);
  const { statistics } = readReport(reportFile(trees));
  expect(
    statistics.slowestDirectories.some(({ phase, path }) => phase === 'verifying' && path === 'd/e'),
  ).toBe(true);
  await verify(trees, [`--report=${reportFile(trees)}`]);
  expect(readReport(reportFile(trees)).statistics.fileSizes).toEqual(SIZES);
});

test('by workers, too', async ({ trees }) => {
  const source = Array.from({ length: 400 }, (_, index) => [
    `d${index}`,
    dir({ f: file('x'.repeat(index)) }),
  ]);
  await writeTree(trees.source, Object.fromEntries(source) as typeof TREE);
  await sync(trees, [`--report=${reportFile(trees)}`]);
  const { statistics } = readReport(reportFile(trees));
  expect(statistics.fileSizes).toEqual([
    { largestBytes: 0, files: 1, bytes: 0 },
    { largestBytes: 1024, files: 399, bytes: (399 * 400) / 2 },
  ]);
  const phases = statistics.slowestDirectories.map(({ phase }) => phase);
  expect(phases.filter((phase) => phase === 'syncing')).toHaveLength(10);
});

test('are collected only for a report', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  expect(reportIn((await sync(trees, ['--json'])).stdout)).not.toHaveProperty('statistics');
});

test('a report follows the schema in the package', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  await writeTree(trees.destination, { small: file('54321'), more: file('') });
  await verify(trees, ['--delete', `--report=${reportFile(trees)}`], { status: 40 });
  const schema = JSON.parse(
    readFileSync(new URL('../../dist/report.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv({ formats: { 'date-time': true } }).compile(schema);
  expect(validate(readReport(reportFile(trees))), JSON.stringify(validate.errors)).toBe(true);
  await sync({ ...trees, source: '/none' }, [`--report=${reportFile(trees)}`], { status: 3 });
  expect(validate(readReport(reportFile(trees))), JSON.stringify(validate.errors)).toBe(true);
});

test('are summarised in text', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  const path = `${trees.directory}/report.txt`;
  await sync(trees, [`--report=${path}`]);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('  Up to 1 KiB    2 files, 6 bytes\n');
});

test('a large file counts towards its directory', async ({ trees }) => {
  await writeTree(trees.source, { d: dir({ small: file('1') }), big: dir({}) });
  execFileSync('dd', ['if=/dev/zero', `of=${trees.source}/big/file`, 'bs=1M', 'count=70', 'status=none']);
  await sync(trees, ['--verify=none', '--bwlimit=70M', `--report=${reportFile(trees)}`]);
  const { statistics } = readReport(reportFile(trees));
  expect(statistics.fileSizes.at(-1)).toEqual({ largestBytes: 100 * 2 ** 20, files: 1, bytes: 70 * 2 ** 20 });
  expect(statistics.slowestDirectories.find(({ phase }) => phase === 'syncing')?.path).toBe('big');
});
