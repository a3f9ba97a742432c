/** With --timeout, a call that never returns is told of, though its thread is stuck. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';

/** strace holds each call that can read the file back for far longer than the test waits. */
const READS = 'copy_file_range,read,pread64';
const HANG = ['-e', `trace=${READS}`, '-e', `inject=${READS}:delay_enter=600000000`];

describeWith(['strace'], 'a call that hangs', () => {
  test('is named by its directory', async ({ trees }) => {
    const file = join(trees.source, 'large');
    writeFileSync(file, Buffer.alloc(1024 * 1024, 1));
    const tracing = ['-f', '-qq', '-o', '/dev/null', '-P', file, ...HANG];
    const args = [...tracing, process.execPath, CLI, '--timeout=1'];
    const child = spawn('strace', [...args, trees.source, trees.destination], { env: cleanEnvironment() });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const told = /nothing moved for 1 s; under way: syncing the root directory/;
    // strace cannot let go of a thread it holds back, and takes the process with it.
    const isTold = () => expect(stderr).toMatch(told);
    await vi.waitFor(isTold, { timeout: 30_000, interval: 50 }).finally(() => child.kill('SIGKILL'));
  });
});
