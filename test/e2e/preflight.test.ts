/** `efs-sync preflight` reports the problems that a sync would meet, and leaves nothing behind. */
import { chmodSync, chownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, run, test, type SyncOptions, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

async function preflight({ source, destination }: Trees, args: string[] = [], options: SyncOptions = {}) {
  return run(['preflight', source, destination, ...args], options);
}

describe('two directories of this machine', () => {
  test('are in order, except that the destination is not a mount', async ({ trees }) => {
    await writeTree(trees.source, { f: file('x') });
    const before = statSync(trees.destination, { bigint: true });
    const { stdout } = await preflight(trees);
    expect(stdout).toMatch(/^\[WARNING\] destination: mount: on this machine: .*\n +-> /m);
    expect(stdout).toMatch(/^\[OK\] {6}destination: writing: /m);
    expect(stdout).not.toContain('[FAIL]');
    expect(readdirSync(trees.destination)).toEqual([]);
    expect(statSync(trees.destination, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
  });

  test('as JSON, one object per line', async ({ trees }) => {
    const { stdout } = await preflight(trees, ['--json']);
    const lines = stdout.trim().split('\n');
    const checks = lines.map((line) => JSON.parse(line) as { event: string; result: string });
    expect([...new Set(checks.map(({ event }) => event))]).toEqual(['check']);
    expect([...new Set(checks.map(({ result }) => result))].toSorted()).toEqual(['OK', 'WARNING']);
  });

  test('with -q, only findings are printed', async ({ trees }) => {
    const { stdout } = await preflight(trees, ['-q']);
    expect(stdout).not.toContain('[OK]');
    expect(stdout).toContain('[WARNING]');
  });
});

test('a missing root fails', async ({ trees }) => {
  const { stdout } = await preflight({ ...trees, source: join(trees.directory, 'none') }, [], { status: 3 });
  expect(stdout).toMatch(/^\[FAIL\] {4}roots: cannot use source .*none: No such file/);
});

test('whatever would make a sync refuse fails', async ({ trees }) => {
  const { stdout } = await preflight(trees, ['--require-mount'], { status: 3 });
  expect(stdout).toContain('[FAIL]    roots: cannot use source');
});

describeWith(['root', 'another user'], 'as another user', () => {
  test('files that only their owner may read are found, and an unwritable destination', async ({ trees }) => {
    await writeTree(trees.source, { a: dir({ key: file('secret') }) });
    giveToNobody(trees);
    chownSync(join(trees.source, 'a/key'), 0, 0);
    chmodSync(join(trees.source, 'a/key'), 0o600);
    const { stdout } = await preflight(trees, [], { asNobody: true });
    expect(stdout).toContain(
      '[WARNING] source: reading: cannot read a/key, which only its owner may read: Permission denied',
    );
    expect(stdout).toContain('[WARNING] destination: identity: not root');
    chownSync(trees.destination, 0, 0);
    chmodSync(trees.destination, 0o755);
    const refused = await preflight(trees, [], { asNobody: true, status: 3 });
    expect(refused.stdout).toContain(
      '[FAIL]    destination: writing: cannot create a file: Permission denied',
    );
  });
});
