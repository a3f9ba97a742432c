/** Files that had just changed when they were copied are looked at once more, by asking the server. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import type { Findings, UnsettledFile } from '../../../../src/engine/messages/findings.ts';
import { EACCES, EIO } from '../../../../src/linux/system-error.ts';
import { stateHash } from '../../../../src/policy/compare/fingerprint.ts';
import { serveLookAgain } from '../../../../src/phases/syncing/look-again.ts';
import { entryAt } from '../../../support/applying.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../support/march-context.ts';

let trees: TwoTrees;
let copied: UnsettledFile[];

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('source', 'a', 'd/b', 'd/c');
  copied = [];
  for (const path of ['a', 'd/b', 'd/c']) {
    copied.push({ path, state: stateHash(await entryAt(trees.context(), 'source', path)) });
  }
});
afterEach(async () => trees.remove());

async function look(context: WorkerContext = trees.context()): Promise<Findings> {
  const findings = await serveLookAgain(context, { unit: 'lookAgain', files: copied });
  expect(trees.openDescriptors()).toBe(0);
  return findings;
}

const at = (path: string) => ({ phase: 'syncing', side: 'source', path, attempt: 'copy' });

it('an unchanged file is no problem', async () => {
  expect((await look()).problems).toEqual([]);
});

describe('a file that has changed since', () => {
  it.each<[string, () => void]>([
    ['in its content', () => writeFileSync(trees.scratch.path('source/d/b'), 'longer')],
    [
      'for another one',
      () => {
        writeFileSync(trees.scratch.path('source/d/new'), 'another');
        renameSync(trees.scratch.path('source/d/new'), trees.scratch.path('source/d/b'));
      },
    ],
  ])('is reported: %s', async (_, change) => {
    change();
    const { problems } = await look();
    expect(problems).toMatchObject([{ ...at('d/b'), class: 'changed' }]);
    expect(problems[0]?.reason).toMatch(/while it was copied, and has changed again/);
  });

  it('or has vanished with its directory is reported', async () => {
    rmSync(trees.scratch.path('source/d'), { recursive: true });
    expect((await look()).problems).toMatchObject([
      { ...at('d/b'), class: 'vanished' },
      { ...at('d/c'), class: 'vanished' },
    ]);
  });
});

it('a failure of one does not keep the others from being checked', async () => {
  writeFileSync(trees.scratch.path('source/d/c'), 'longer');
  const context = withCalls(trees.context(), 'source', ({ statx }) => ({
    statx: (fd, name, ...others) => (name === 'b' ? -EACCES : statx(fd, name, ...others)),
  }));
  expect((await look(context)).problems).toMatchObject([
    { ...at('d/b'), class: 'failed', code: 'EACCES' },
    { ...at('d/c'), class: 'changed' },
  ]);
});

it("the client's cache does not count", async () => {
  const context = withCalls(trees.context(), 'source', ({ local }) => ({
    local: { ...local, statx: () => -EIO },
  }));
  expect((await look(context)).problems).toEqual([]);
});

it('each file counts as progress for the watchdog', async () => {
  const context = trees.context();
  const before = context.heartbeat.count;
  await look(context);
  expect(context.heartbeat.count).toBe(before + 3);
});
