/** rsync: whole files are its default between local paths, and names are not read unless asked for. */
import type { Contender } from '../scenario.ts';
import { inTurn } from './in-turn.ts';

export const RSYNC = rsync('-a');
export const RSYNC_DELETE = rsync('-a', '--delete');
export const RSYNC_SPARSE = rsync('-aS');

/** Reads both sides. Without -i it would not print its findings. */
export const RSYNC_COMPARISON: Contender = {
  name: 'rsync -anc',
  programs: ['rsync'],
  commands: ({ source, destination }) => [['rsync', '-anci', '--delete', `${source}/`, `${destination}/`]],
  keepsDirectoryMetadata: true,
};

export const RSYNC_VERIFIED = inTurn(RSYNC, RSYNC_COMPARISON);

function rsync(...options: readonly string[]): Contender {
  return {
    name: ['rsync', ...options].join(' '),
    programs: ['rsync'],
    commands: ({ source, destination }) => [['rsync', ...options, `${source}/`, `${destination}/`]],
    keepsDirectoryMetadata: true,
  };
}
