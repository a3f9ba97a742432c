/** A flush that goes on is no silence; one that gets nothing to the disk is, whatever others write. */
import { afterEach, expect, it } from 'vitest';
import { beginOverlapping, callNumber, endOverlapping } from '../../../src/filesystem/linux/call-notes.ts';
import type { CallName } from '../../../src/filesystem/linux/call-table.ts';
import { Movement } from '../../../src/phases/movement.ts';
import { Silence } from '../../../src/phases/silence.ts';

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** As long as the test lasts. */
function waitIn(call: CallName): void {
  const slot = beginOverlapping(callNumber(call), [0]);
  ended.push(() => endOverlapping(slot));
}

/** For each amount that has yet to be written, whether the look at it found movement. */
function looks(unwritten: readonly (number | undefined)[]): boolean[] {
  let now: number | undefined;
  const silence = new Silence(new Movement(), () => now);
  silence.lookMs();
  return unwritten.map((amount) => {
    now = amount;
    return silence.lookMs() === 0;
  });
}

it.each(['fsync', 'sync_file_range', 'syncfs'] as const)('sees data go to the disk in %s', (call) => {
  waitIn(call);
  expect(looks([900, 800, 800, 700])).toEqual([false, true, false, true]);
});

it('takes only less than ever for progress', () => {
  waitIn('syncfs');
  expect(looks([500, 900, 600, 500, 499])).toEqual([false, false, false, false, true]);
});

it('does not look where another call hangs', () => {
  waitIn('openat');
  expect(looks([900, 800])).toEqual([false, false]);
});

it('is silent where the machine does not tell', () => {
  waitIn('syncfs');
  expect(looks([undefined, undefined])).toEqual([false, false]);
});
