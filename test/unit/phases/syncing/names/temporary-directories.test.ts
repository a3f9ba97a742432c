/** Only a directory as a run makes one is removed with what is in it. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { EACCES, EBUSY, EIO } from '../../../../../src/linux/system-error.ts';
import { removeOwnDirectory } from '../../../../../src/phases/syncing/names/temporaries.ts';
import { inDestination } from '../../../../support/applying.ts';
import {
  makeTwoTrees,
  withCalls,
  withListingThatFails,
  withUnopened,
  type TwoTrees,
} from '../../../../support/march-context.ts';

const OWN = 'd/own';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/beside');
});
afterEach(async () => trees.remove());

async function remove(context: WorkerContext = trees.context()): Promise<boolean> {
  return inDestination(context, 'd', (directory) => removeOwnDirectory(directory, 'own'));
}

function left(path = OWN): string[] | undefined {
  const full = trees.scratch.path(`destination/${path}`);
  return existsSync(full) ? readdirSync(full) : undefined;
}

it('an empty one goes, and nothing beside it', async () => {
  trees.make('destination', `${OWN}/`);
  expect(await remove()).toBe(true);
  expect(left('d')).toEqual(['beside']);
});

it('one with files and links goes with them, and not with what they lead to', async () => {
  trees.make('destination', `${OWN}/a`, `${OWN}/b`, `${OWN}/l -> ../beside`);
  expect(await remove()).toBe(true);
  expect(left('d')).toEqual(['beside']);
});

it('one that is gone counts as removed', async () => {
  expect(await remove()).toBe(true);
});

it('one that another removes in between counts as removed', async () => {
  trees.make('destination', `${OWN}/a`);
  expect(await remove(withUnopened(trees.context(), 'destination', 'own', 2))).toBe(true);
});

it('one with a directory in it stays whole: no run made it', async () => {
  trees.make('destination', `${OWN}/a`, `${OWN}/e/`);
  expect(await remove()).toBe(false);
  expect(left()?.toSorted()).toEqual(['a', 'e']);
});

it('a mount point stays', async () => {
  trees.make('destination', `${OWN}/a`);
  const context = withCalls(trees.context(), 'destination', () => ({ unlinkat: () => -EBUSY }));
  expect(await remove(context)).toBe(false);
  expect(left()).toEqual(['a']);
});

it('one that cannot be listed to its end stays whole', async () => {
  trees.make('destination', `${OWN}/a`);
  const context = withListingThatFails(trees.context(), 'destination', EIO);
  await expect(remove(context)).rejects.toMatchObject({ code: 'EIO' });
  expect(left()).toEqual(['a']);
});

it.each([
  ['removed', 'unlinkat'],
  ['opened', 'openat2'],
] as const)('one that may not be %s is a failure', async (_, call) => {
  trees.make('destination', `${OWN}/a`);
  const failing = withCalls(trees.context(), 'destination', (linux) => ({
    openat2: (fd, name, how, length) =>
      call === 'openat2' && name === 'own' ? -EACCES : linux.openat2(fd, name, how, length),
    unlinkat: (fd, name, flags) => (call === 'unlinkat' ? -EACCES : linux.unlinkat(fd, name, flags)),
  }));
  await expect(remove(failing)).rejects.toMatchObject({ code: 'EACCES' });
  expect(left()).toEqual(['a']);
});

it('one in which a new file has appeared stays, and says so', async () => {
  trees.make('destination', `${OWN}/a`);
  const context = withCalls(trees.context(), 'destination', ({ unlinkat }) => ({
    unlinkat: async (fd, name, flags) => {
      const result = await unlinkat(fd, name, flags);
      if (name === 'a') mkdirSync(trees.scratch.path(`destination/${OWN}/new`));
      return result;
    },
  }));
  await expect(remove(context)).rejects.toMatchObject({ code: 'ENOTEMPTY' });
  expect(left()).toEqual(['new']);
});

it('a symbolic link of that name leads nowhere', async () => {
  trees.make('destination', 'd/elsewhere/a');
  symlinkSync('elsewhere', trees.scratch.path(`destination/${OWN}`));
  await expect(remove()).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(left('d/elsewhere')).toEqual(['a']);
});
