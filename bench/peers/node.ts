/** Node doing nothing: the least that a program written for it can take. */
import type { Contender } from '../scenario.ts';

export const NODE_NOTHING: Contender = {
  name: 'node -e 0',
  programs: [],
  commands: () => [[process.execPath, '-e', '0']],
  keepsDirectoryMetadata: true,
};
