/** Without verification: a file in use during its copy that changes again during the run is reported. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sleep } from '../../src/flow/sleep.ts';
import { syncForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

/** `a` is copied at once, and the run continues for a second. */
async function makeTrees({ source }: Trees): Promise<void> {
  await writeTree(source, { a: file('old'), large: file('x'.repeat(600_000)) });
}

function onceCopied({ source, destination }: Trees): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      if (!existsSync(join(destination, 'a'))) return;
      clearInterval(timer);
      writeFileSync(join(source, 'a'), 'new');
    }, 5);
    child.on('exit', () => {
      clearInterval(timer);
    });
  };
}

const SLOWLY = ['--bwlimit=300', '--verify=none'];

test('a file changed just before it was copied, and again', async ({ trees }) => {
  await makeTrees(trees);
  const report = await syncForReport(trees, SLOWLY, { status: 41, onStart: onceCopied(trees) });
  expect(report.problems).toMatchObject([
    {
      path: 'a',
      class: 'changed',
      reason: expect.stringContaining('has changed again since then') as string,
    },
  ]);
  expect(report.notes).toContainEqual(
    expect.stringMatching(/^2 files changed less than \d+ s before being copied: /) as string,
  );
  expect(readFileSync(join(trees.destination, 'a'), 'latin1')).toBe('old');
  await sync(trees);
  await expectSame(trees);
});

test('an older file is not checked again', async ({ trees }) => {
  await makeTrees(trees);
  await sleep(3_100);
  const report = await syncForReport(trees, SLOWLY, { onStart: onceCopied(trees) });
  expect(report.notes.filter((note) => note.includes('before being copied'))).toEqual([]);
});
