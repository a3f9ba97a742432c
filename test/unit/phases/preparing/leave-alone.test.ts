/** What the options leave alone is counted once, and noted where Verifying asks for it. */
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import { Difference } from '../../../../src/model/change.ts';
import { LEFT_ALONE, LEFT_ALONE_CAUSES } from '../../../../src/model/tally.ts';
import { countLeft, leaveAlone, leaveContent } from '../../../../src/phases/preparing/leave-alone.ts';
import { entryOf, SYMLINK } from '../../../support/entries.ts';
import { makeTwoTrees, type TwoTrees } from '../../../support/march-context.ts';
import { prepare } from '../../../support/preparing.ts';

const { mtime, mode } = Difference;

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => trees.remove());

it.each(LEFT_ALONE_CAUSES)('%s is counted under its own name', (cause) => {
  const { unit } = prepare(trees, 'd');
  countLeft(unit, cause, 3);
  countLeft(unit, cause);
  const counted = Object.entries(unit.context.counters.totals()).filter(([, count]) => count > 0);
  expect(counted).toEqual([[LEFT_ALONE.preparing[cause], 4]]);
});

it('existing and missing entries are counted and recorded', () => {
  const { unit, fingerprints, noted } = prepare(trees, 'd');
  leaveAlone(unit, { fingerprints, name: 'file' }, 'newer');
  expect(unit.context.counters.totals().newerFilesLeft).toBe(1);
  expect([noted('file').isLeft, noted('other').isLeft]).toEqual([true, false]);
});

describe('--size-only: the content of a file that stays', () => {
  const file = { name: 'file', source: entryOf(), differences: mtime | mode };

  it.each([
    ['is noted, and counted where the quick check would have written it', file, true, 1, true],
    ['is noted where the times are the same', { ...file, differences: mode }, true, 0, true],
    ['is none of a symbolic link', { ...file, source: entryOf({ mode: SYMLINK }) }, true, 0, false],
    ['is not left without the option', file, false, 0, false],
  ])('%s', (...[, given, sizeOnly, count, isLeft]) => {
    const { unit, fingerprints, noted } = prepare(trees, 'd', { settings: { sizeOnly } });
    leaveContent(unit, fingerprints, given);
    expect(unit.context.counters.totals().sameSizeFilesLeft).toBe(count);
    expect(noted('file').isLeft).toBe(isLeft);
  });

  it("is counted even if the directory's records are already written", () => {
    const { unit } = prepare(trees, 'd', { settings: { sizeOnly: true } });
    leaveContent(unit, undefined, file);
    expect(unit.context.counters.totals().sameSizeFilesLeft).toBe(1);
  });
});
