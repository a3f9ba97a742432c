/** Closed, full or unread output streams stop no sync, and their output never goes into another file. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { expectSame, test, type Trees } from '../support/scenario.ts';
import { dir, file, type NamedNode } from '../support/tree.ts';

const FILE_COUNT = 1000;
const LONG = 'n'.repeat(200);

interface Answer {
  readonly status: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs in a shell; `$status` is the exit status of efs-sync. */
function inShell({ source, destination }: Trees, redirected: string): Answer {
  const script = `efs() { "$NODE" "$CLI" -i "$SOURCE" "$DESTINATION" "$@"; }; ${redirected}; echo "status $status" >&2`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], {
    env: { ...cleanEnvironment(), NODE: process.execPath, CLI, SOURCE: source, DESTINATION: destination },
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  const [, printed = '', status = ''] = /^(.*)status (\d+)\n$/s.exec(stderr) ?? [];
  return { status, stdout, stderr: printed };
}

async function writeLongNames({ source }: Trees): Promise<void> {
  const files = Array.from({ length: FILE_COUNT }, (_, index): NamedNode => [
    `${LONG}${index}`,
    file(`${index}`),
  ]);
  await writeTree(source, { d: dir(files) });
}

test.for([
  ['standard input', 'efs <&-; status=$?', '0'],
  ['standard output', 'efs >&-; status=$?', '0'],
  ['standard error', 'efs 2>&- >/dev/null; status=$?', '0'],
  ['all three', 'efs <&- >&- 2>&-; status=$?', '0'],
  ['two, and standard error full', 'efs <&- >&- 2>/dev/full; status=$?', '0'],
] as const)('closed: %s', async ([, redirected, status], { trees }) => {
  await writeTree(trees.source, { a: file('x'), d: dir({ b: file('y') }) });
  expect(inShell(trees, redirected)).toMatchObject({ status, stderr: '' });
  await expectSame(trees);
});

test('a log contains only its own lines when the streams are closed', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const log = join(trees.directory, 'log');
  expect(inShell(trees, `efs --log-file='${log}' <&- >&- 2>&-; status=$?`).status).toBe('0');
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  expect(lines.filter((line) => !/^\d{4}\/\d\d\/\d\d [\d:]+ \[\d+\] /.test(line))).toEqual([]);
  await expectSame(trees);
});

test('a reader that goes away', async ({ trees }) => {
  await writeLongNames(trees);
  expect(inShell(trees, 'efs | true; status=${PIPESTATUS[0]}')).toMatchObject({ status: '0', stderr: '' });
  await expectSame(trees);
});

test('a reader that goes away while SIGPIPE is ignored, as under Python', async ({ trees }) => {
  await writeLongNames(trees);
  const piped = "trap '' PIPE; efs | true; status=${PIPESTATUS[0]}";
  expect(inShell(trees, piped)).toMatchObject({ status: '0', stderr: '' });
  await expectSame(trees);
});
