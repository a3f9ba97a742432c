/** Output: phases and a report; nothing with -q; one object per line with --json; colour if wanted. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { jsonEvents, reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { snapshot, sync, test } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const TREE = { a: file('content'), d: dir({ b: file('more') }), l: symlink('a') };

test('plain lines name the phases and end with the result', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  const { stdout, stderr } = await sync(trees);
  for (const word of ['Preparing', 'Syncing', 'Verifying', 'Success']) expect(stdout).toContain(word);
  expect(stdout).not.toContain('\x1b');
  expect(stderr).toBe('');
});

test('a run with nothing to do says so', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  await sync(trees);
  const { stdout } = await sync(trees);
  expect(stdout).toMatch(/nothing to (do|transfer)|up to date|0 files/i);
});

test('-q prints nothing', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  expect(await sync(trees, ['-q'])).toMatchObject({ stdout: '', stderr: '' });
});

test('--json prints one object per line, the report last', async ({ trees }) => {
  await writeTree(trees.source, { ...TREE, 'odd\n"\x01\xff': file('x') });
  const { stdout, stderr } = await sync(trees, ['--json']);
  expect(stderr).toBe('');
  expect(jsonEvents(stdout).every(({ event }) => typeof event === 'string')).toBe(true);
  const { status, tally } = reportIn(stdout);
  expect(status).toBe('Success');
  expect(tally).toMatchObject({ filesTransferred: 3, bytesTransferred: 'contentmorex'.length });
});

test('--report writes the report, --log-file the changes', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  const [report, log] = [`${trees.directory}/report.json`, `${trees.directory}/log`];
  await sync(trees, ['-q', `--report=${report}`, `--log-file=${log}`]);
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ status: 'Success' });
  expect(readFileSync(log, 'utf8')).toContain('d/b');
});

test('--color=always uses colours, NO_COLOR does not', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  const coloured = await sync(trees, ['--color=always']);
  expect(coloured.stdout).toContain('\x1b[');
  const plain = await sync(trees, [], { env: { NO_COLOR: '1' } });
  expect(plain.stdout).not.toContain('\x1b');
});

test('-n changes nothing and lists the planned changes', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  await writeTree(trees.destination, { stray: file('x'), a: file('old', { mtimeNs: 1n }) }, { mtimeNs: 2n });
  const before = await snapshot(trees.destination);
  const { stdout } = await sync(trees, ['-n', '-i', '--delete']);
  expect(await snapshot(trees.destination)).toEqual(before);
  expect(stdout).toContain('>f+++++++++ d/b');
  expect(stdout).toContain('*deleting   stray');
});
