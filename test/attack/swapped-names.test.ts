/**
 * An entry that takes the name of another between Preparing and Syncing gets none of its metadata or content.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { NOBODY, runCli } from '../support/run-cli.ts';
import type { CliResult } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';
import type { Metadata, Node } from '../support/tree.ts';

interface Both {
  readonly source: Node;
  readonly destination: Node;
}

const SAME: Metadata = { mtimeNs: 1_600_000_000_000_000_001n };
const LARGE_BYTES = 3_000_000;
const ARGS = ['--concurrency=1', '--inplace', '--bwlimit=2M', '--verify=none'];

/** `a` takes more than a second to copy. Meanwhile `b` is planned and waits; `swap` is called then. */
async function syncSwapping(trees: Trees, b: Both, swap: () => void): Promise<CliResult> {
  await writeTree(trees.source, { a: file('n'.repeat(LARGE_BYTES)), b: b.source });
  await writeTree(trees.destination, { a: file('old'), b: b.destination });
  await writeTree(trees.directory, { outside: file('outside', { mode: 0o600 }) });
  return runCli([trees.source, trees.destination, ...ARGS, '--preserve=all'], {
    onStart: (child) => {
      const timer = setInterval(() => {
        if (statSync(join(trees.destination, 'a')).size < 10) return;
        clearInterval(timer);
        swap();
      }, 2);
      child.on('exit', () => clearInterval(timer));
    },
  });
}

describeWith(['root', 'user xattrs'], 'between Preparing and Syncing', () => {
  const written: Both = { source: file('newer'), destination: file('old') };

  test.for([
    ['a symbolic link', (path: string, outside: string) => symlinkSync(outside, path)],
    ['another name of a file', (path: string, outside: string) => linkSync(outside, path)],
  ] as const)('--inplace does not write into %s', async ([, put], { trees }) => {
    const [path, outside] = [join(trees.destination, 'b'), join(trees.directory, 'outside')];
    await syncSwapping(trees, written, () => {
      renameSync(path, `${path}.old`);
      put(path, outside);
    });
    expect((await readTree(trees.directory)).get('outside')).toMatchObject({ sizeBytes: 7, mode: 0o600 });
  });

  test('owner, mode and attributes are not given to another file', async ({ trees }) => {
    const path = join(trees.destination, 'b');
    const adjusted: Both = {
      source: file('same', { ...SAME, uid: 5, mode: 0o755, xattrs: { 'user.a': 'b' } }),
      destination: file('same', SAME),
    };
    const { status, stderr } = await syncSwapping(trees, adjusted, () => {
      writeFileSync(`${path}.new`, 'another');
      chmodSync(`${path}.new`, 0o600);
      renameSync(`${path}.new`, path);
    });
    expect(status).toBe(23);
    expect(stderr).toMatch(/something else has taken its name/);
    expect((await readTree(trees.destination)).get('b')).toMatchObject({ uid: 0, mode: 0o600 });
  });

  test.for([
    ['an access time', { atimeNs: 1_600_000_000_000_000_001n }],
    ['an attribute', { xattrs: { 'user.a': 'b' } }],
  ] as const)('set-id bits are not given to a forged file with %s', async ([, differing], { trees }) => {
    const path = join(trees.destination, 'b');
    const adjusted: Both = {
      source: file('same', { ...SAME, mode: 0o4755, ...differing }),
      destination: file('same', { ...SAME, mode: 0o4755 }),
    };
    const { status, stderr } = await syncSwapping(trees, adjusted, () => {
      writeFileSync(`${path}.new`, 'evil');
      chownSync(`${path}.new`, NOBODY, NOBODY);
      chmodSync(`${path}.new`, 0o600);
      execFileSync('touch', ['-r', path, `${path}.new`]);
      renameSync(`${path}.new`, path);
    });
    expect(status).toBe(23);
    expect(stderr).toMatch(/something else has taken its name/);
    expect((await readTree(trees.destination)).get('b')).toMatchObject({ uid: NOBODY, mode: 0o600 });
  });

  test('attributes are not taken from another file', async ({ trees }) => {
    const path = join(trees.source, 'b');
    const adjusted: Both = {
      source: file('same', { ...SAME, xattrs: { 'user.a': 'b' } }),
      destination: file('same', SAME),
    };
    const { status, stderr } = await syncSwapping(trees, adjusted, () => {
      writeFileSync(`${path}.new`, 'another');
      renameSync(`${path}.new`, path);
    });
    expect(status).toBe(41);
    expect(stderr).toMatch(/something else has taken its name/);
  });
});
