/** efs-sync itself, as `efs-sync` on the path would run it. */
import { fileURLToPath } from 'node:url';
import type { Contender } from '../scenario.ts';

const EFS_SYNC = [process.execPath, fileURLToPath(new URL('../../../bin/efs-sync.js', import.meta.url))];
const BASE = { name: 'efs-sync', programs: [], keepsDirectoryMetadata: true };

export function efsSync(...options: readonly string[]): Contender {
  return {
    ...BASE,
    commands: ({ source, destination }) => [[...EFS_SYNC, '--quiet', ...options, source, destination]],
  };
}

export const EFS_SYNC_VERIFY: Contender = {
  ...BASE,
  commands: ({ source, destination }) => [[...EFS_SYNC, 'verify', '--quiet', source, destination]],
};

export const EFS_SYNC_VERSION: Contender = { ...BASE, commands: () => [[...EFS_SYNC, '--version']] };
