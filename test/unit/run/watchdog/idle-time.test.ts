/** A flush that makes progress is not idle; one that gets nothing to the disk is, whatever others write. */
import { afterEach, expect, it } from 'vitest';
import { beginOverlapping, callNumber, endOverlapping } from '../../../../src/linux/call-notes.ts';
import type { CallName } from '../../../../src/linux/call-table.ts';
import { RunActivity } from '../../../../src/engine/context/run-activity.ts';
import { IdleTime } from '../../../../src/run/watchdog/idle-time.ts';

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** Stays in the call until the test ends. */
function waitIn(call: CallName): void {
  const slot = beginOverlapping(callNumber(call), [0]);
  ended.push(() => endOverlapping(slot));
}

/** For each amount of unwritten data, whether that look found activity. */
function looks(unwritten: readonly (number | undefined)[]): boolean[] {
  let now: number | undefined;
  const idle = new IdleTime(new RunActivity(), () => now);
  idle.lookMs();
  return unwritten.map((amount) => {
    now = amount;
    return idle.lookMs() === 0;
  });
}

it.each(['fsync', 'sync_file_range', 'syncfs'] as const)('sees data go to the disk in %s', (call) => {
  waitIn(call);
  expect(looks([900, 800, 800, 700])).toEqual([false, true, false, true]);
});

it('only a new minimum counts as progress', () => {
  waitIn('syncfs');
  expect(looks([500, 900, 600, 500, 499])).toEqual([false, false, false, false, true]);
});

it('does not check if another call hangs', () => {
  waitIn('openat');
  expect(looks([900, 800])).toEqual([false, false]);
});

it('says nothing if the machine does not report it', () => {
  waitIn('syncfs');
  expect(looks([undefined, undefined])).toEqual([false, false]);
});
