/**
 * A file that is appended to without pause is copied as far as it went, reported as changed, and complete
 * once it rests.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

const SLOWLY = ['--bwlimit=600', '--json'];
const FIRST = 'x'.repeat(300_000);

/** A separate process: a busy event loop could pause the writer for longer than a copy takes. */
const WRITER = `
import itertools, os, sys, time
path, begins = sys.argv[1], sys.argv[2] == 'begins'
for count in itertools.count():
    with open(path, 'r+b') as file:
        if begins: file.write(b'%d ' % count)
        file.seek(0, os.SEEK_END)
        file.write(b'line %d\\n' % count)
    time.sleep(0.001)
`;

/** The file keeps growing until the run ends. */
async function syncWhileWriting(
  { trees, args }: { trees: Trees; args: readonly string[] },
  how: 'appends' | 'begins',
): Promise<string> {
  const log = `${trees.source}/log`;
  const writer = spawn('python3', ['-c', WRITER, log, how], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    while (statSync(log).size === FIRST.length) await sleep(10);
    return (await sync(trees, [...SLOWLY, ...args], { status: 41 })).stdout;
  } finally {
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  }
}

test.for([[], ['--inplace'], ['--partial'], ['--verify=none'], ['--verify=transferred', '--fsync']])(
  'is copied up to its length at that time: %s',
  async (args, { trees }) => {
    await writeTree(trees.source, { log: file(FIRST), other: file('other') });
    if (args.includes('--inplace'))
      await writeTree(trees.destination, { log: file('before'.repeat(90_000)) });
    const stdout = await syncWhileWriting({ trees, args }, 'appends');
    const copied = readFileSync(`${trees.destination}/log`, 'utf8');
    expect(copied.length).toBeGreaterThanOrEqual(FIRST.length);
    expect(readFileSync(`${trees.source}/log`, 'utf8').startsWith(copied)).toBe(true);
    const { problems, verdicts } = reportIn(stdout);
    const reason = `it kept growing during the copy; its first ${copied.length} bytes are at the destination`;
    expect(problems).toMatchObject([{ class: 'changed', path: 'log', reason }]);
    expect(verdicts).toEqual([]);
    await sync(trees, args);
    await expectSame(trees);
  },
);

test('is not copied if its start changes too: the old version stays', async ({ trees }) => {
  await writeTree(trees.source, { log: file(FIRST) });
  await writeTree(trees.destination, { log: file('before') });
  const stdout = await syncWhileWriting({ trees, args: [] }, 'begins');
  expect(readFileSync(`${trees.destination}/log`, 'utf8')).toBe('before');
  expect(reportIn(stdout).problems).toMatchObject([
    { path: 'log', reason: 'it kept changing during the copy' },
  ]);
});
