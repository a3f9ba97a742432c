/** efs-sync and the tools it is compared with, at their best settings. */
import { fileURLToPath } from 'node:url';
import type { Contender } from './scenario.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/efs-sync.js', import.meta.url));

export function efsSync(...options: readonly string[]): Contender {
  return {
    name: 'efs-sync',
    commands: (source, destination) => [
      [process.execPath, PROGRAM, '--quiet', ...options, source, destination],
    ],
  };
}

export const CP: Contender = {
  name: 'cp -a',
  commands: (source, destination) => [['cp', '-a', `${source}/.`, destination]],
};

export const RSYNC: Contender = {
  name: 'rsync -a',
  commands: (source, destination) => [['rsync', '-a', `${source}/`, `${destination}/`]],
};

/** rsync reads both sides again to prove a copy. */
export const RSYNC_VERIFIED: Contender = {
  name: 'rsync -a, rsync -anc',
  commands: (source, destination) => [
    ['rsync', '-a', `${source}/`, `${destination}/`],
    ['rsync', '-anc', '--delete', `${source}/`, `${destination}/`],
  ],
};
