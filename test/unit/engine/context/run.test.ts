/** The spools of a run are opened and closed together. */
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunSpools } from '../../../../src/engine/context/run.ts';
import { LocationError } from '../../../../src/model/run/errors.ts';
import { descriptorsBelow, makeScratch, run, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

it('are files of their own, without names, until they are closed', async () => {
  const spools = await createRunSpools(scratch.directory);
  expect(new Set(descriptorsBelow(scratch.directory).map(({ path }) => path)).size).toBe(3);
  expect(readdirSync(scratch.directory)).toEqual([]);
  spools.fingerprints.append(Buffer.from('noted'));
  expect([spools.fingerprints.lengthBytes, spools.verified.lengthBytes]).toEqual([5, 0]);
  await spools.close();
  expect(descriptorsBelow(scratch.directory)).toEqual([]);
});

/** The directory takes one inode itself. */
function mountWith(inodes: number): void {
  run('mount', '-t', 'tmpfs', '-o', `nr_inodes=${inodes}`, 'tmpfs', scratch.directory);
}

describeWith(['tmpfs mount'], 'where not all of them can be created', () => {
  afterEach(() => run('umount', scratch.directory));

  it.each([1, 2, 3])('none stays open: %i inodes', async (inodes) => {
    mountWith(inodes);
    const failed = expect.objectContaining({ code: 'ENOSPC', path: scratch.directory });
    const creation = createRunSpools(scratch.directory);
    await expect(creation).rejects.toEqual(failed);
    await expect(creation).rejects.toBeInstanceOf(LocationError);
    expect(descriptorsBelow(scratch.directory)).toEqual([]);
  });

  it('four inodes do', async () => {
    mountWith(4);
    await (await createRunSpools(scratch.directory)).close();
  });
});
