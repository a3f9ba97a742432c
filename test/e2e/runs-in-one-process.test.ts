/** Runs of one process share no watchdog and no limit, and do not end it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { withHungMount } from '../support/mounts.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a program prints as JSON before it kills itself: threads that hang let no process end. */
async function printedBy(code: string): Promise<unknown> {
  const whole = `import { sync } from 'efs-sync';
    const told = await (async () => { ${code} })();
    process.stdout.write(JSON.stringify(told), () => process.kill(process.pid, 'SIGKILL'));`;
  const args = ['--input-type=module', '-e', whole];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: cleanEnvironment() });
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  await once(child, 'exit');
  expect(await stderr).toBe('');
  return JSON.parse(await stdout);
}

describeWith(['root', 'tmpfs mount'], 'a run that hangs', () => {
  test('ends alone, even in a process that is busy for longer than its timeout', async ({ trees }) => {
    const hung = join(trees.directory, 'hung');
    mkdirSync(hung);
    writeFileSync(join(trees.source, 'a'), 'a');
    await withHungMount(hung, async () => {
      const [source, destination, state] = [trees.source, trees.destination, trees.directory].map((path) =>
        JSON.stringify(path),
      );
      const told = await printedBy(`
        const stuck = sync(${JSON.stringify(hung)}, ${destination}, { timeout: 1, 'state-dir': ${state} })
          .catch((error) => error.name);
        const other = await sync(${source}, ${destination}, { timeout: 60, delete: true });
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
        return [other.exitStatus, await stuck];`);
      expect(told).toEqual([0, 'TimedOut']);
    });
  });
});

test('a slow run does not slow another', async ({ trees }) => {
  const [slow, fast] = ['slow', 'fast'].map((name) => join(trees.source, name)) as [string, string];
  for (const directory of [slow, fast]) {
    mkdirSync(directory);
    writeFileSync(join(directory, 'a'), Buffer.alloc(2_000_000, 1));
  }
  const to = (name: string): string => JSON.stringify(join(trees.destination, name));
  const told = await printedBy(`
    const stop = new AbortController();
    let hasBegun;
    const begun = new Promise((resolve) => (hasBegun = resolve));
    const slow = sync(${JSON.stringify(slow)}, ${to('slow')}, {
      bwlimit: '1', signal: stop.signal,
      reporter: { phaseStarted: (phase) => phase === 'syncing' && hasBegun() },
    });
    await begun;
    const fast = await sync(${JSON.stringify(fast)}, ${to('fast')});
    stop.abort();
    const ended = await slow;
    return [fast.exitStatus, fast.report.tally.bytesTransferred, ended.exitStatus];`);
  expect(told).toEqual([0, 2_000_000, 20]);
});
