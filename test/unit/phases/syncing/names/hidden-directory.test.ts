/** A directory appears with its files, all complete, and nothing hidden stays behind. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { EACCES, EIO, ENOENT } from '../../../../../src/linux/system-error.ts';
import { parentPath, lastName } from '../../../../../src/filesystem/root.ts';
import {
  HiddenDirectory,
  makeWithContent,
} from '../../../../../src/phases/syncing/names/hidden-directory.ts';
import {
  newApplyingScope,
  type ApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { isOwnDirectoryName } from '../../../../../src/policy/names/temporary-name.ts';
import { DIRECTORY, entryOf } from '../../../../support/entries.ts';
import {
  makeTwoTrees,
  withCalls,
  withListingThatFails,
  type TwoTrees,
} from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/');
});
afterEach(async () => trees.remove());

function pathAt(path: string): string {
  return trees.scratch.path(`destination/${path}`);
}

function left(path: string): string[] {
  return readdirSync(pathAt(path)).toSorted();
}

/** Creates `d/new` with these files. */
async function make(
  context: WorkerContext = trees.context(),
  use: (hidden: HiddenDirectory) => void = (hidden) => write(hidden, 'a', 'b'),
): Promise<ApplyingScope> {
  const unit = newApplyingScope(context);
  await makeWithContent(unit, { path: 'd/new', entry: entryOf({ mode: DIRECTORY }) }, async (hidden) => {
    use(hidden);
    return Promise.resolve();
  });
  expect(trees.openDescriptors()).toBe(0);
  return unit;
}

function write(hidden: HiddenDirectory, ...names: readonly string[]): void {
  for (const name of names) writeFileSync(pathAt(`${hidden.path}/${name}`), 'new');
}

it('it is hidden beside where it will be', () => {
  const { path } = new HiddenDirectory('d/e/new');
  expect(parentPath(path)).toBe('d/e');
  expect(isOwnDirectoryName(lastName(path))).toBe(true);
  expect(new HiddenDirectory('new').path).not.toContain('/');
});

describe('a directory that is whole', () => {
  it('gets its name only then', async () => {
    const unit = await make(trees.context(), (hidden) => {
      write(hidden, 'a', 'b');
      expect(left('d')).toEqual([lastName(hidden.path)]);
    });
    expect(left('d')).toEqual(['new']);
    expect(left('d/new')).toEqual(['a', 'b']);
    expect(unit.findings.problems).toEqual([]);
    expect(unit.context.counters.totals().entriesCreated).toBe(1);
  });

  it('takes the place of a file', async () => {
    trees.make('destination', 'd/new');
    await make();
    expect(left('d/new')).toEqual(['a', 'b']);
  });

  it('takes the place of an empty directory', async () => {
    trees.make('destination', 'd/new/');
    await make();
    expect(left('d')).toEqual(['new']);
    expect(left('d/new')).toEqual(['a', 'b']);
  });

  it('gives its files to a directory that others have made and filled', async () => {
    trees.make('destination', 'd/new/theirs', 'd/new/a');
    const unit = await make();
    expect(left('d')).toEqual(['new']);
    expect(left('d/new')).toEqual(['a', 'b', 'theirs']);
    expect(readFileSync(pathAt('d/new/a'), 'utf8')).toBe('new');
    expect(unit.findings.problems).toEqual([]);
  });

  it('is whole even if the reply to its last step was lost', async () => {
    const context = withCalls(trees.context(), 'destination', ({ renameat }) => ({
      renameat: async (...given) => {
        await renameat(...given);
        return -ENOENT;
      },
    }));
    const unit = await make(context);
    expect(left('d/new')).toEqual(['a', 'b']);
    expect(unit.findings.problems).toEqual([]);
  });
});

const incomplete = (hidden: HiddenDirectory): void => {
  write(hidden, 'a', 'half');
  hidden.unfinished.add('half');
};

describe('a directory with an incomplete file', () => {
  it('gives only the complete ones their path', async () => {
    const unit = await make(trees.context(), incomplete);
    expect(left('d')).toEqual(['new']);
    expect(left('d/new')).toEqual(['a']);
    expect(unit.findings.problems).toEqual([]);
  });

  it('gives them their path also if the work has failed', async () => {
    const failing = make(trees.context(), (hidden) => {
      incomplete(hidden);
      throw new Error('a bug');
    });
    await expect(failing).rejects.toThrow('a bug');
    expect(left('d/new')).toEqual(['a']);
  });

  it('tells of a file that cannot be moved, and moves the others', async () => {
    const context = withCalls(trees.context(), 'destination', ({ renameat }) => ({
      renameat: (fd, from, toFd, to) => (from === 'a' ? -EACCES : renameat(fd, from, toFd, to)),
    }));
    const unit = await make(context, (hidden) => {
      write(hidden, 'a', 'b', 'half');
      hidden.unfinished.add('half');
    });
    expect(left('d/new')).toEqual(['b']);
    expect(unit.findings.problems).toMatchObject([
      { side: 'destination', path: 'd/new/a', attempt: 'copy', code: 'EACCES' },
    ]);
    expect(left('d')).toEqual(['new']);
  });

  it('tells of a listing that does not come to its end, and leaves nothing behind', async () => {
    let fails = true;
    const plain = trees.context({ settings: { retries: 0 } });
    const failing = withListingThatFails(plain, 'destination', EIO);
    const { getdents64 } = plain.destination.linux;
    const context = withCalls(failing, 'destination', (linux) => ({
      getdents64: (...given) => (fails ? linux.getdents64(...given) : getdents64(...given)),
      unlinkat: (...given) => {
        fails = false;
        return linux.unlinkat(...given);
      },
    }));
    const unit = await make(context, incomplete);
    expect(unit.findings.problems).toMatchObject([{ path: 'd/new', attempt: 'make directory', code: 'EIO' }]);
    expect(left('d')).toEqual(['new']);
  });
});

describe('nothing is made', () => {
  it('if the hidden one cannot be', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ mkdirat: () => -EACCES }));
    const unit = await make(context, () => expect.fail('there is nothing to fill'));
    expect(unit.findings.problems).toMatchObject([{ path: 'd/new', attempt: 'make directory' }]);
    expect(left('d')).toEqual([]);
  });

  it('if it cannot get its name, and what was hidden goes', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ renameat: () => -EACCES }));
    const unit = await make(context);
    expect(unit.findings.problems).toMatchObject([
      { path: 'd/new', attempt: 'make directory', code: 'EACCES' },
    ]);
    expect(left('d')).toEqual([]);
  });
});

it('what stays hidden is a problem of its own', async () => {
  const context = withCalls(trees.context(), 'destination', () => ({ renameat: () => -EACCES }));
  let hiddenPath = '';
  const unit = await make(context, (hidden) => {
    hiddenPath = hidden.path;
    mkdirSync(pathAt(`${hidden.path}/somebody's`));
  });
  expect(unit.lasting.problems).toMatchObject([
    { side: 'destination', path: hiddenPath, attempt: 'delete directory', code: 'ENOTEMPTY' },
    { path: 'd/new', attempt: 'make directory', code: 'EACCES' },
  ]);
  expect(left('d')).toEqual([lastName(hiddenPath)]);
});
