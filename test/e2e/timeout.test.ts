/** With --timeout, a call that never returns ends the run, though its thread is stuck. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';

/** strace holds the call back for far longer than the test waits. */
const HANG = ['-e', 'trace=copy_file_range,exit_group', '-e', 'inject=copy_file_range:delay_enter=600000000'];

describeWith(['strace'], 'a call that hangs', () => {
  test('is named by its directory, and the process ends with status 30', async ({ trees }) => {
    writeFileSync(join(trees.source, 'large'), Buffer.alloc(1024 * 1024, 1));
    const log = join(trees.directory, 'calls');
    const args = ['-f', '-qq', '-o', log, ...HANG, process.execPath, CLI, '--timeout=1'];
    const child = spawn('strace', [...args, trees.source, trees.destination], { env: cleanEnvironment() });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    // strace cannot let go of the thread it holds back, and is ended once the process has asked to leave.
    const hasLeft = () => expect(readFileSync(log, 'latin1')).toContain('exit_group(30)');
    await vi.waitFor(hasLeft, { timeout: 30_000, interval: 50 }).finally(() => child.kill('SIGKILL'));
    expect(stderr).toContain('nothing moved for 1 s; under way: syncing the root directory');
  });
});
