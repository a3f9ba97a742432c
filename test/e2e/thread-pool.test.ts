/** The thread pool for overlapping calls over a network: its size must be set before its first use. */
import { readdirSync, writeFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { onceWriting, SLOWLY, writeManyFiles } from '../support/slow-sync.ts';
import { sync, test, type Trees } from '../support/scenario.ts';

async function threadsOf(trees: Trees, ...args: readonly string[]): Promise<number> {
  await writeManyFiles(trees);
  let threadCount = 0;
  const look = (child: ChildProcess) => {
    threadCount = readdirSync(`/proc/${String(child.pid)}/task`).length;
    child.kill('SIGINT');
  };
  await sync(trees, [...SLOWLY, ...args], { status: 20, onStart: onceWriting(trees, look) });
  return threadCount;
}

test('has a thread for each request that a mount accepts at once', async ({ trees }) => {
  const limitsFile = join(trees.source, 'limits');
  writeFileSync(limitsFile, 'bwlimit=100\n');
  // The thread pool reads the file, as it does over a network.
  expect(await threadsOf(trees, `--limits-file=${limitsFile}`)).toBeGreaterThan(64);
});

test('is not started for calls that block', async ({ trees }) => {
  expect(await threadsOf(trees)).toBeLessThan(64);
});
