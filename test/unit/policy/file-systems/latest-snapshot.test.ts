/**
 * The last of several snapshots: by their frozen times, then by dates in their names, and never by a guess.
 */
import { expect, it } from 'vitest';
import { latestSnapshots } from '../../../../src/policy/file-systems/latest-snapshot.ts';

const at = (name: string, atimeSec: number, ctimeSec: number, ctimeNsec = 0) => ({
  name,
  atimeSec,
  atimeNsec: 0,
  ctimeSec,
  ctimeNsec,
});

it.for([
  ['none', [], []],
  ['changed last', [at('a', 1, 5), at('b', 1, 6), at('c', 1, 4)], ['b']],
  ['changed later in the same second', [at('a', 1, 5, 7), at('b', 1, 5, 8), at('c', 1, 5)], ['b']],
  ['changed in the next second', [at('a', 1, 5, 999_999_999), at('b', 1, 6)], ['b']],
  ['read last', [at('hourly.0', 9, 5), at('hourly.1', 8, 5)], ['hourly.0']],
  [
    'as late, with dates',
    [at('daily.2026-11-09_0005', 1, 5), at('weekly.2026-11-10_0015', 1, 5)],
    ['weekly.2026-11-10_0015'],
  ],
  ['dates without dashes', [at('d20261109', 1, 5), at('d20261130', 1, 5)], ['d20261130']],
  ['dates with dashes and without', [at('d2026-11-09', 1, 5), at('d20261110', 1, 5)], ['d20261110']],
  [
    'dates behind other numbers',
    [at('disk2.2026-11-09', 1, 5), at('disk1.2026-11-10', 1, 5)],
    ['disk1.2026-11-10'],
  ],
  ['one, without a date', [at('hourly.0', 1, 5)], ['hourly.0']],
  [
    'late days of a month',
    [at('d2026-11-29', 1, 5), at('d2026-11-30', 1, 5), at('d2026-11-31', 1, 5)],
    ['d2026-11-31'],
  ],
  [
    'dates written otherwise',
    [at('GMT-2026.1', 1, 5), at('snap-20261124-10', 1, 5)],
    ['GMT-2026.1', 'snap-20261124-10'],
  ],
  [
    'as late, without dates',
    [at('hourly.1', 1, 5), at('hourly.0', 5, 1), at('old', 1, 2)],
    ['hourly.1', 'hourly.0'],
  ],
] as const)('%s', ([, snapshots, latest]) => {
  expect(latestSnapshots(snapshots)).toEqual(latest);
});
