/** How much is below directories that the destination does not have, each of which is one difference. */
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { DirectoryTask } from '../../../../src/engine/messages/directory-task.ts';
import type { Suspicion } from '../../../../src/engine/messages/findings.ts';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import { withSides } from '../../../../src/engine/march/march.ts';
import { readEntry } from '../../../../src/filesystem/entry-stat.ts';
import { EACCES } from '../../../../src/linux/system-error.ts';
import type { MissingBelow } from '../../../../src/model/run/verdict.ts';
import {
  addBelow,
  countMissing,
  countName,
  countUnopened,
  missingTask,
} from '../../../../src/phases/verifying/count-missing.ts';
import type { VerifyingScope } from '../../../../src/phases/verifying/verifying-scope.ts';
import { stateHash } from '../../../../src/policy/compare/fingerprint.ts';
import { makeTwoTrees, withUnopened, type TwoTrees } from '../../../support/march-context.ts';
import { recordVisit } from '../../../support/recording-visitor.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => trees.remove());

interface Counting {
  readonly unit: VerifyingScope;
  readonly suspicions: Suspicion[];
  readonly found: DirectoryTask[];
  readonly below: MissingBelow;
}

function counting(context: WorkerContext = trees.context()): Counting {
  const [suspicions, found, below]: [Suspicion[], DirectoryTask[], MissingBelow] = [[], [], new Map()];
  const unit: VerifyingScope = {
    context,
    suspicions,
    largeFiles: [],
    found: (child) => found.push(child),
    judgeExtraneous: false,
    left: undefined,
    missingBelow: below,
  };
  return { unit, suspicions, found, below };
}

async function count(path: string, missingFrom: string): Promise<Counting> {
  const result = counting();
  const { visitor } = recordVisit(result.unit.context);
  await withSides(visitor, missingTask(path, missingFrom), async (sides) => {
    countMissing(result.unit, sides, missingFrom);
    return Promise.resolve();
  });
  return result;
}

async function stateOf(name: string): Promise<number> {
  return stateHash(await readEntry({ ...trees.context().source, path: '' }, name));
}

const missing = { class: 'missing', path: 'd', differences: 1, detail: 'not at the destination' };

describe('a directory that is missing', () => {
  beforeEach(() => {
    trees.make('source', 'd/a', 'd/b', 'd/l -> a', 'd/e/c', 'd/f/');
  });

  it('is one difference with all its entries, and each directory below is listed for it', async () => {
    const { suspicions, below, found } = await count('d', 'd');
    expect(suspicions).toEqual([
      { verdict: missing, isDirectory: true, sourceState: await stateOf('d'), preparedState: undefined },
    ]);
    expect(below).toEqual(new Map([['d', { directories: 2, others: 3, unlisted: 0 }]]));
    expect(found).toEqual([
      { path: 'd/e', sides: 'source', makesWay: false, missingFrom: 'd' },
      { path: 'd/f', sides: 'source', makesWay: false, missingFrom: 'd' },
    ]);
  });

  it('is reported by the topmost missing directory', async () => {
    const { suspicions, below } = await count('d/e', 'd');
    expect(suspicions).toEqual([]);
    expect(below).toEqual(new Map([['d', { directories: 0, others: 1, unlisted: 0 }]]));
  });

  it('is not counted without a walk', () => {
    const { unit, below } = counting();
    const { missingBelow: _, ...alone } = unit;
    countName(alone, 'd');
    expect(below.size).toBe(0);
  });
});

describe('a missing directory that cannot be opened', () => {
  it('is still missing, with unknown content', async () => {
    trees.make('source', 'd/a');
    const { unit, suspicions, below } = counting(withUnopened(trees.context(), 'source', 'd', EACCES));
    await countUnopened(unit, 'd', 'd');
    expect(suspicions.map(({ verdict }) => verdict)).toEqual([missing]);
    expect(suspicions[0]?.sourceState).toBe(await stateOf('d'));
    expect(below).toEqual(new Map([['d', { directories: 0, others: 0, unlisted: 1 }]]));
  });

  it('is unlisted, and no separate difference, below a missing one', async () => {
    const { unit, suspicions, below } = counting();
    await countUnopened(unit, 'd/e', 'd');
    expect(suspicions).toEqual([]);
    expect(below).toEqual(new Map([['d', { directories: 0, others: 0, unlisted: 1 }]]));
  });

  it.each<[string, (context: WorkerContext) => WorkerContext, string]>([
    ['has vanished from the source', (context) => context, 'source vanished'],
    ['cannot be looked at', (context) => withUnopened(context, 'source', '.', EACCES), 'read error'],
  ])('reports that it %s', async (_, change, verdictClass) => {
    const { unit, suspicions } = counting(change(trees.context()));
    await countUnopened(unit, 'd', 'd');
    expect(suspicions.map(({ verdict }) => [verdict.class, verdict.path])).toEqual([[verdictClass, 'd']]);
  });
});

it('an entry that was listed as a directory, but is not, counts as another entry', async () => {
  const { unit, below } = counting();
  addBelow(below, 'd', { directories: 2, others: 0, unlisted: 0 });
  addBelow(below, 'z', { directories: 1, others: 1, unlisted: 1 });
  countName(unit, 'd');
  expect(below).toEqual(
    new Map([
      ['d', { directories: 1, others: 1, unlisted: 0 }],
      ['z', { directories: 1, others: 1, unlisted: 1 }],
    ]),
  );
});
