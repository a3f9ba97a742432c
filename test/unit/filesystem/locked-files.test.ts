/** Write locks in /proc/locks, as several kernels write them. */
import { expect, test } from 'vitest';
import { lockedIn } from '../../../src/filesystem/open-elsewhere.ts';

const LOCKS = `1: POSIX  ADVISORY  WRITE 100 08:02:131 0 EOF
1: -> POSIX  ADVISORY  WRITE 101 08:02:131 0 EOF
2: POSIX  ADVISORY  READ 100 08:02:132 0 EOF
3: FLOCK  ADVISORY  WRITE 7 fd:1a:133 0 EOF
4: OFDLCK ADVISORY  WRITE -1 00:2f:18446744073709551615 0 9
5: DELEG  ACTIVE    WRITE 55 08:02:134 0 EOF
`;

test('those for writing, but not our own', () => {
  expect(lockedIn(LOCKS, '7')).toEqual([
    `${8 * 2 ** 32 + 2}:131`,
    '47:18446744073709551615',
    `${8 * 2 ** 32 + 2}:134`,
  ]);
});
