/** `--stop-after` and `--stop-at` end a run as a signal does, with rsync's exit status. */
import { expect } from 'vitest';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { compareTrees, readTree, writeTree } from '../support/oracle.ts';
import { runCli } from '../support/run-cli.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { SLOWLY, writeManyFiles } from '../support/slow-sync.ts';
import { file } from '../support/tree.ts';

const REACHED = /Interrupted: the time of --stop-after or --stop-at was reached/;

test('--stop-after: status 30, every name whole, and the next run finishes', async ({ trees }) => {
  await writeManyFiles(trees);
  const report = join(trees.source, '..', 'report.json');
  const { output } = await sync(trees, [...SLOWLY, '--stop-after=0.05', `--report=${report}`], {
    status: 30,
  });
  expect(output).toMatch(REACHED);
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ status: 'Interrupted', exitStatus: 30 });
  const [known, reached] = [await readTree(trees.source), await readTree(trees.destination)];
  expect([...reached.keys()].filter((path) => !known.has(path))).toEqual([]);
  const differing = await compareTrees(trees.source, trees.destination);
  expect(differing).not.toEqual([]);
  for (const path of reached.keys()) {
    if (path.includes('/f')) expect(readFileSync(join(trees.destination, path))).toHaveLength(10_000);
  }
  await sync(trees, ['--stop-after=10', '--stop-at=9999-12-31']);
  await expectSame(trees);
});

test('-q tells why it stopped', async ({ trees }) => {
  await writeManyFiles(trees);
  const { stderr } = await sync(trees, [...SLOWLY, '-q', '--stop-after=0.01'], { status: 30 });
  expect(stderr).toMatch(/--stop-at was reached \(exit status 30\)/);
});

test('also while it waits for another sync of the destination', async ({ trees }) => {
  await writeManyFiles(trees);
  let second: Promise<unknown> | undefined;
  await sync(trees, [...SLOWLY, '--stop-after=0.05'], {
    status: 30,
    onStart: () => {
      second = new Promise((resolve) => setTimeout(resolve, 1000)).then(async () =>
        sync(trees, ['--wait', '--stop-after=0.01'], { status: 30 }),
      );
    },
  });
  await second;
});

test('preflight --scan ends, too', async ({ trees }) => {
  await writeManyFiles(trees);
  const args = ['preflight', '--scan', trees.source, trees.destination, '--stop-after=0.000001'];
  const { status, output } = await runCli(args);
  expect(output).toMatch(/the time of --stop-after or --stop-at was reached/);
  expect(status).toBe(30);
});

test.for(['2020-01-01', '26-1-1T5:00', 'x', '25:00', ':60', '13-1'])(
  'a time that rsync refuses, too: %s',
  async (time, { trees }) => {
    await writeTree(trees.source, { f: file('x') });
    expect(() =>
      execFileSync('rsync', ['-r', `--stop-at=${time}`, `${trees.source}/`, trees.destination], {
        stdio: 'ignore',
      }),
    ).toThrow();
    const { stderr } = await sync(trees, [`--stop-at=${time}`], { status: 1 });
    expect(stderr).toMatch(/--stop-at=TIME/);
    expect([...(await readTree(trees.destination)).keys()]).not.toContain('f');
  },
);
