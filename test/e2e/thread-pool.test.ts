/** The thread pool that calls over a network overlap on: its size counts only if said before its first use. */
import { readdirSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { expect } from 'vitest';
import { onceWriting, SLOWLY, writeManyFiles } from '../support/slow-sync.ts';
import { sync, test } from '../support/scenario.ts';

test('has a thread for each request that a mount takes at once', async ({ trees }) => {
  await writeManyFiles(trees);
  let threadCount = 0;
  const look = (child: ChildProcess) => {
    threadCount = readdirSync(`/proc/${String(child.pid)}/task`).length;
    child.kill('SIGINT');
  };
  await sync(trees, SLOWLY, { status: 20, onStart: onceWriting(trees, look) });
  expect(threadCount).toBeGreaterThan(64);
});
