/** Changes to the trees during a sync: another sync, files that vanish, files that change. */
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { runCli } from '../support/run-cli.ts';
import type { CliResult } from '../support/run-cli.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { SLOWLY, onceWriting, writeManyFiles } from '../support/slow-sync.ts';
import { file } from '../support/tree.ts';

test('a second sync of the same destination is refused with exit status 75', async ({ trees }) => {
  await writeManyFiles(trees);
  let second: Promise<CliResult> | undefined;
  const onStart = onceWriting(trees, (first) => {
    second = runCli([trees.source, `${trees.destination}/.`]).finally(() => first.kill('SIGTERM'));
  });
  await sync(trees, SLOWLY, { status: 20, onStart });
  expect(await second).toMatchObject({ status: 75, stdout: '' });
  await sync(trees);
  await expectSame(trees);
});

test('vanished source files are distinguished from failures: exit status 24', async ({ trees }) => {
  await writeManyFiles(trees);
  const onStart = onceWriting(trees, () => {
    for (const name of readdirSync(`${trees.source}/d`)) {
      if (!existsSync(`${trees.destination}/d/${name}`)) rmSync(`${trees.source}/d/${name}`);
    }
  });
  const { stderr } = await sync(trees, ['--bwlimit=1000'], { status: 24, onStart });
  expect(stderr).toMatch(/vanished/);
});

test('a constantly changing file is distinguished from corruption: exit status 41', async ({ trees }) => {
  await writeTree(trees.source, { log: file('x'.repeat(500_000)), a: file('y'), b: file('z') });
  let timer: NodeJS.Timeout | undefined;
  const { stdout } = await sync(trees, ['--bwlimit=500', '--json'], {
    status: 41,
    onStart: () => {
      timer = setInterval(() => {
        appendFileSync(`${trees.source}/log`, 'line\n');
      }, 10);
    },
  }).finally(() => {
    clearInterval(timer);
  });
  const report = reportIn(stdout);
  expect(report.status).toBe('Incomplete');
  const paths = [...report.problems, ...report.verdicts].map(({ path }) => path);
  expect(new Set(paths)).toEqual(new Set(['log']));
});
