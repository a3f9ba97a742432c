/** A run in which paths failed leaves a list, with which the same command tries only these again. */
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, giveToNobody, sync, test, verify } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const CLOSED = { mode: 0 };
/** "to try only 3 paths again, run it without --delete and with -r --files-from=…" */
const NOTE = /Note: to try only (\d+ paths?) again, run it without --delete and with (.*)$/m;

describeWith(['another user'], 'as another user than root', () => {
  test.for(['#closed', 'line\nend'])('what failed and no more, with %j', async (name, { trees }) => {
    const hidden = { [name]: file('s', CLOSED), vault: dir({ in: dir({ deep: file('d') }) }, CLOSED) };
    await writeTree(trees.source, { a: file('x'), sub: dir({ b: file('y'), ...hidden }) });
    giveToNobody(trees);
    const failed = await sync(trees, [], { asNobody: true, status: 23 });
    const [, paths, options = ''] = NOTE.exec(failed.stdout) ?? [];
    expect(paths).toBe('2 paths');
    for (const [path, mode] of [
      [name, 0o600],
      ['vault', 0o700],
    ] as const)
      chmodSync(join(trees.source, 'sub', path), mode);
    const { stdout } = await sync(trees, ['--json', ...options.split(' ')], { asNobody: true });
    expect(reportIn(stdout).tally).toMatchObject({ filesTransferred: 2 });
    await expectSame(trees);
  });
});

test('damage that verification finds is mended by it, and no success names it', async ({ trees }) => {
  await writeTree(trees.source, { a: file('good'), sub: dir({ b: file('b') }) });
  expect((await sync(trees)).stdout).not.toMatch(NOTE);
  const { mtime } = statSync(join(trees.destination, 'a'));
  writeFileSync(join(trees.destination, 'a'), 'evil');
  await writeTree(trees.destination, { a: file('evil', { mtimeNs: BigInt(mtime.getTime()) * 1_000_000n }) });
  await writeTree(trees.source, { a: file('good', { mtimeNs: BigInt(mtime.getTime()) * 1_000_000n }) });
  const { stdout } = await verify(trees, ['--json'], { status: 40 });
  const { retryList, notes } = reportIn(stdout);
  expect(readFileSync(retryList ?? '', 'utf8')).toBe('./a\n');
  expect(notes.join()).toContain(`with -c --files-from=${retryList}`);
  await sync(trees, ['-c', `--files-from=${retryList}`]);
  await sync(trees);
  await expectSame(trees);
});
