/**
 * While writers grow, shrink, rewrite, replace, rename and remove source files, each file is copied as one
 * complete version, or reported as changed, vanished, or a mismatch.
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
/** A rewrite whose mtime was reset between two syncs can only be found with --checksum. */
const SYNCS_WITH_CHECKSUM = 3;

/** Reads the destination: each wrong path and its fault. */
function mixtures(root: string): [path: string, wrong: string][] {
  const printed = execFileSync('python3', ['-B', VERSIONS, root], { encoding: 'utf8' });
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t') as [string, string]);
}

/** True if the path itself or a parent is reported. */
function isReported({ problems, verdicts }: JsonReport, path: string): boolean {
  const reported = new Set([...problems, ...verdicts].map((each) => each.path));
  for (let at = path; at !== '.'; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '.') {
    if (reported.has(at)) return true;
  }
  return reported.has('');
}

/** The note that a write may have been in progress unnoticed. */
const UNSETTLED =
  /^\d+ files? changed less than .* only a verification can detect a write that was still in progress$/;

/** Findings that a live source does not explain. Only the writers know what explains a content mismatch. */
function unexplained({ problems, verdicts }: JsonReport): object[] {
  return [
    ...problems.filter(({ class: found }) => found === 'failed'),
    ...verdicts.filter((each) => !each.class.startsWith('source ') && !isContentMismatch(each)),
  ];
}

function isContentMismatch({ class: found }: JsonReport['verdicts'][number]): boolean {
  return found === 'content mismatch';
}

interface Synced {
  readonly status: number;
  readonly mismatches: string[];
}

async function syncLive(trees: Trees, args: readonly string[]): Promise<Synced> {
  const { status, stdout, stderr } = await runCli([trees.source, trees.destination, '--json', ...args]);
  const report = reportIn(stdout);
  expect(unexplained(report)).toEqual([]);
  expect([0, 24, 41], stderr).toContain(status);
  if (status === 0) expect([...report.problems, ...report.verdicts]).toEqual([]);
  const mixed = mixtures(trees.destination).filter(([path]) => !isReported(report, path));
  // No timestamp shows a write within one clock tick; only verification finds it.
  if (!args.includes('--verify=none') || !report.notes.some((note) => UNSETTLED.test(note))) {
    expect(mixed).toEqual([]);
  }
  return {
    status: status as number,
    mismatches: report.verdicts.filter(isContentMismatch).map(({ path }) => path),
  };
}

/** What the writers did. */
interface Written {
  readonly counts: Record<string, number>;
  /** Files with a write that no timestamp shows. Verification alone finds that it happened during the copy. */
  readonly hidden: readonly string[];
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
      const mismatches: string[] = [];
      let written: Written;
      const writers = await startHelper<Written>(WRITERS, [
        trees.source,
        staging,
        `${seed}`,
        `${WRITER_COUNT}`,
      ]);
      try {
        for (let syncs = args.includes('--checksum') ? SYNCS_WITH_CHECKSUM : 1; syncs > 0; syncs--) {
          const synced = await syncLive(trees, args);
          mismatches.push(...synced.mismatches);
          addCounts(counts, { [`ended with ${synced.status}`]: 1 });
        }
      } finally {
        written = await writers.stop();
      }
      addCounts(counts, { ...written.counts, 'content mismatches': mismatches.length });
      expect(written.hidden).toEqual(expect.arrayContaining(mismatches));
      const preserve = args.includes('--preserve=all')
        ? '--preserve=all'
        : '--preserve=owner,mode,mtime,specials';
      await sync(trees, ['--delete', '--checksum', preserve]);
      await expectSame(trees);
    });
    tell(`live source, ${JSON.stringify(args)}`, { rounds, ...counts });
  },
);
