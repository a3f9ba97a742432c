import { expect, it } from 'vitest';
import { Activity } from '../../../src/flow/activity.ts';
import { shareCells, type Cells } from '../../../src/flow/shared-cells.ts';
import { MOST_LANES } from '../../../src/model/concurrency.ts';

function newCells(): Cells {
  return shareCells({ writing: Activity.sizeBytes }).writing;
}

it('shows another isolate the current call, until it ends', () => {
  const cells = newCells();
  const own = new Activity(cells);
  const seen = new Activity(cells);
  const reading = own.begin('read a/\xff\n');
  own.begin('write b');
  expect(seen.list().toSorted()).toEqual(['read a/\xff\n', 'write b']);
  own.end(reading);
  expect(seen.list()).toEqual(['write b']);
});

it('truncates long paths, and does not touch neighbours', () => {
  const activity = new Activity(newCells());
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(5000));
  for (const text of texts) activity.begin(text);
  expect(activity.list().toSorted()).toEqual(texts.map((text) => text.slice(0, 510)));
});

it('records nothing while all slots are taken, and reuses a free slot', () => {
  const activity = new Activity(newCells());
  const slots = Array.from({ length: MOST_LANES }, (_, lane) => activity.begin(`lane ${lane}`));
  expect(slots).not.toContain(undefined);
  expect(activity.begin('one too many')).toBeUndefined();
  activity.end(undefined);
  expect(activity.list()).toHaveLength(MOST_LANES);
  activity.end(slots[7]);
  activity.begin('again');
  const busy = activity.list();
  expect(busy).toHaveLength(MOST_LANES);
  expect(busy).toContain('again');
  expect(busy).not.toContain('lane 7');
});
