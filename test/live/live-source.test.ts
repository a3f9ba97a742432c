/**
 * While writers grow, shrink, rewrite, replace, rename and remove what is in the source, every file comes to
 * the destination as one version whole, or is reported as changed or vanished.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { startHelper } from '../support/helper-process.ts';
import { reportIn } from '../support/json-report.ts';
import type { JsonReport } from '../support/json-report.ts';
import { addCounts, goRound, longTimeout, tell } from '../support/long-run.ts';
import { runCli } from '../support/run-cli.ts';
import { expectSame, resetTrees, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';

const VERSIONS = fileURLToPath(new URL('versions.py', import.meta.url));
const WRITERS = new URL('writers.py', import.meta.url);
const WRITER_COUNT = 2;
/** Only with --checksum is a rewrite found whose mtime was set back between two of them. */
const SYNCS_WITH_CHECKSUM = 3;

/** A read-only look at what lies at the destination: path and what is wrong with it. */
function mixtures(root: string): [path: string, wrong: string][] {
  const printed = execFileSync('python3', ['-B', VERSIONS, root], { encoding: 'utf8' });
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t') as [string, string]);
}

/** The path itself, or what it is in. */
function isReported({ problems, verdicts }: JsonReport, path: string): boolean {
  const reported = new Set([...problems, ...verdicts].map((each) => each.path));
  for (let at = path; at !== '.'; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '.') {
    if (reported.has(at)) return true;
  }
  return reported.has('');
}

/** What a live source does not explain. */
function unexplained({ problems, verdicts }: JsonReport): object[] {
  return [
    ...problems.filter(({ class: found }) => found === 'failed'),
    ...verdicts.filter(({ class: found }) => !found.startsWith('source ')),
  ];
}

async function syncLive(trees: Trees, args: readonly string[]): Promise<number> {
  const { status, stdout, stderr } = await runCli([trees.source, trees.destination, '--json', ...args]);
  const report = reportIn(stdout);
  expect(unexplained(report)).toEqual([]);
  expect([0, 24, 41], stderr).toContain(status);
  if (status === 0) expect([...report.problems, ...report.verdicts]).toEqual([]);
  expect(mixtures(trees.destination).filter(([path]) => !isReported(report, path))).toEqual([]);
  return status as number;
}

const ARGUMENTS: readonly (readonly string[])[] = [
  ['--force'],
  ['--delete', '--checksum'],
  ['--delete', '--verify=none'],
  ['--force', '--checksum', '--preserve=all', '--partial'],
];

test.for(ARGUMENTS.map((args) => ({ args })))(
  'a sync with $args',
  longTimeout(0.25),
  async ({ args }, { memoryTrees: trees }) => {
    const counts: Record<string, number> = {};
    const rounds = await goRound(0.25, async ({ seed }) => {
      resetTrees(trees);
      const staging = join(trees.directory, 'staging');
      rmSync(staging, { recursive: true, force: true });
      mkdirSync(staging);
      const writers = await startHelper(WRITERS, [trees.source, staging, `${seed}`, `${WRITER_COUNT}`]);
      try {
        for (let syncs = args.includes('--checksum') ? SYNCS_WITH_CHECKSUM : 1; syncs > 0; syncs--) {
          const status = await syncLive(trees, args);
          addCounts(counts, { [`ended with ${status}`]: 1 });
        }
      } finally {
        addCounts(counts, await writers.stop());
      }
      const preserve = args.includes('--preserve=all')
        ? '--preserve=all'
        : '--preserve=owner,mode,mtime,specials';
      await sync(trees, ['--delete', '--checksum', preserve]);
      await expectSame(trees);
    });
    tell(`live source, ${JSON.stringify(args)}`, { rounds, ...counts });
  },
);
