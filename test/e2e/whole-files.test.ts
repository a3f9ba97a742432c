/** A reader of the destination never meets an incomplete file during a run. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startHelper } from '../support/helper-process.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';

const POLLER = new URL('../support/poll_names.py', import.meta.url);
const KIB = 1024;

/** Writes new directories, with and without subdirectories, and an existing one. */
function writeTrees({ source, destination }: Trees): void {
  for (const directory of ['new', 'new/below', 'leaf', 'old', '.']) {
    mkdirSync(join(source, directory), { recursive: true });
    for (let i = 0; i < 3; i++) writeFileSync(join(source, directory, `f${i}`), randomBytes(600 * KIB));
  }
  mkdirSync(join(destination, 'old'));
}

test.for(['--checksum', '--preserve=mtime', '--partial', '--size-only', '--update'])(
  'with %s',
  async (option, { trees }) => {
    writeTrees(trees);
    const poller = await startHelper(POLLER, [trees.source, trees.destination]);
    await sync(trees, [option, '--bwlimit=6M', '--verify=none']);
    const { looks = 0, files = 0, half } = await poller.stop();
    expect(half).toBe(0);
    expect(looks).toBeGreaterThan(1);
    expect(files).toBeGreaterThan(0);
    await sync(trees);
    await expectSame(trees);
  },
);
