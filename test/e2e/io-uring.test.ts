/** Overlapping calls go through io_uring, or through libuv's pool if the kernel does not allow io_uring. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withLatfs } from '../support/latfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { expectSame, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

/** Enough files to start workers. */
const MANY = Array.from({ length: 600 }, (_, index): NamedNode => [`f${index}`, file(`content ${index}`)]);

/**
 * From Node 22 on, libuv has rings too, for its epoll. Only ours live in memory of their own
 * (IORING_SETUP_NO_MMAP and others).
 */
const OUR_SETUP = /io_uring_setup\(\d+, \{flags=0x17000\b/;
/** Our rings submit calls and wait with a timeout (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG). */
const OUR_CALLS = /io_uring_enter\(\d+, [1-9]\d*, 1, 0x9,/;

/** Makes a first copy onto a mount with 1 ms of latency; returns strace's lines about io_uring. */
async function copyTraced(trees: Trees, ...options: string[]): Promise<string> {
  await writeTree(trees.source, { d: dir(MANY), link: symlink('d/f1') });
  const log = join(trees.directory, 'trace');
  const mountPoint = join(trees.directory, 'mount');
  await withLatfs({ backing: trees.destination, mountPoint }, ['--latency', '1'], async () => {
    const tracing = [
      '-f',
      '-qq',
      '-X',
      'raw',
      '-o',
      log,
      '-e',
      'trace=io_uring_setup,io_uring_enter',
      ...options,
    ];
    const command = [...tracing, process.execPath, CLI, trees.source, mountPoint];
    const { status, stderr } = spawnSync('strace', command, { env: cleanEnvironment(), encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.not.stringMatching(/io_uring/) });
  });
  await expectSame(trees);
  return readFileSync(log, 'latin1');
}

describeWith(['latfs', 'strace', 'io_uring'], 'a mount whose calls take a round trip', () => {
  test('is served through io_uring', async ({ trees }) => {
    const trace = await copyTraced(trees);
    expect(trace).toMatch(OUR_SETUP);
    expect(trace).toMatch(OUR_CALLS);
  });
});

describeWith(['latfs', 'strace'], 'EFS_SYNC_IO_URING=0', () => {
  test('avoids it', async ({ trees }) => {
    const trace = await copyTraced(trees, '-E', 'EFS_SYNC_IO_URING=0');
    expect(trace).not.toMatch(OUR_SETUP);
    expect(trace).not.toMatch(OUR_CALLS);
  });
});

describeWith(['latfs', 'strace'], 'a kernel that refuses io_uring', () => {
  test.for(['EPERM', 'ENOSYS', 'EINVAL'])('with %s costs only time', async (error, { trees }) => {
    const trace = await copyTraced(trees, '-e', `inject=io_uring_setup:error=${error}`);
    expect(trace).toMatch(OUR_SETUP);
    expect(trace).toContain(error);
    expect(trace).not.toContain('io_uring_enter');
  });
});
