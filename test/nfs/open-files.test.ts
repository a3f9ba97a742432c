/**
 * A file deleted while a process has it open stays as `.nfs…` until it is closed: it is neither copied nor a
 * failure.
 */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { describeWith } from '../support/requirements.ts';
import { writeTree } from '../support/oracle.ts';
import { sync, test, verify } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const SILLY = /^\.nfs[0-9a-f]{24}$/;
const TOLD =
  /skipped because they are deleted files that a process still has open: .*\.nfs[0-9a-f]{24} in the (source|destination)/;

let held: number[] = [];

function hold(path: string): void {
  held.push(openSync(path, 'r'));
}

function letGo(): void {
  for (const fd of held) closeSync(fd);
  held = [];
}

afterEach(letGo);

/** Names in a directory, without the `.nfs` files. */
function namesIn(path: string): string[] {
  return readdirSync(path).filter((name) => !SILLY.test(name));
}

function openFilesIn(path: string): number {
  return readdirSync(path).filter((name) => SILLY.test(name)).length;
}

describeWith(['NFS mounts'], 'a file that is deleted while it is open', () => {
  test('at the destination is neither extraneous nor a failure, and disappears when it is closed', async ({
    trees,
  }) => {
    await writeTree(trees.source, { q: dir({ replaced: file('new content') }) });
    await writeTree(trees.destination, { q: dir({ replaced: file('old'), extraneous: file('x') }) });
    hold(join(trees.destination, 'q/replaced'));
    hold(join(trees.destination, 'q/extraneous'));
    const first = await sync(trees, ['--delete']);
    expect(openFilesIn(join(trees.destination, 'q'))).toBe(2);
    expect(first.stdout).toMatch(TOLD);
    await sync(trees, ['--delete']);
    await verify(trees, ['--delete']);
    const dry = await sync(trees, ['--delete', '-n']);
    expect(dry.stdout).not.toContain('deleting');
    expect(namesIn(join(trees.destination, 'q'))).toEqual(['replaced']);
    letGo();
    expect(readdirSync(join(trees.destination, 'q'))).toEqual(['replaced']);
  });

  test('keeps an extraneous directory until it is closed', async ({ trees }) => {
    await writeTree(trees.source, { f: file('x') });
    await writeTree(trees.destination, { top: dir({ deep: dir({ open: file('x'), other: file('x') }) }) });
    hold(join(trees.destination, 'top/deep/open'));
    for (let time = 0; time < 2; time++) {
      const { stdout } = await sync(trees, ['--delete']);
      expect(stdout).toMatch(TOLD);
      expect(namesIn(join(trees.destination, 'top/deep'))).toEqual([]);
    }
    await verify(trees, ['--delete']);
    letGo();
    await sync(trees, ['--delete']);
    expect(readdirSync(trees.destination)).toEqual(['f']);
  });

  test('at the source is not copied', async ({ trees }) => {
    await writeTree(trees.source, { d: dir({ f: file('x'), open: file('x') }) });
    hold(join(trees.source, 'd/open'));
    rmSync(join(trees.source, 'd/open'));
    expect(openFilesIn(join(trees.source, 'd'))).toBe(1);
    const { stdout } = await sync(trees, ['--delete']);
    expect(stdout).toMatch(TOLD);
    expect(readdirSync(join(trees.destination, 'd'))).toEqual(['f']);
    const name = readdirSync(join(trees.source, 'd')).find((each) => SILLY.test(each)) ?? '';
    await sync(trees, ['--files-from=-'], { input: `d/${name}\n` });
    expect(readdirSync(join(trees.destination, 'd'))).toEqual(['f']);
  });

  test('is distinguished from a file that only has such a name', async ({ trees }) => {
    const name = '.nfs0123456789abcdef00000001';
    mkdirSync(join(trees.source, 'd'));
    writeFileSync(join(trees.source, 'd', name), 'x');
    await sync(trees);
    expect(readdirSync(join(trees.destination, 'd'))).toEqual([name]);
    rmSync(join(trees.source, 'd', name));
    await sync(trees, ['--delete']);
    expect(readdirSync(join(trees.destination, 'd'))).toEqual([]);
  });
});
