/** A first copy and the proof of it: efs-sync's default. */
import { RSYNC_VERIFIED, efsSync } from '../peers.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees.ts';
import { makeManySmallFiles, SMALL_FILES } from './small-files.ts';

export const VERIFIED_COPY: Scenario = {
  name: 'verified-copy',
  title: `${SMALL_FILES}, tmpfs, full copy with full verification`,
  parent: '/dev/shm',
  makeSource: makeManySmallFiles,
  prepareDestination: makeEmpty,
  contenders: [efsSync('--verify=full'), RSYNC_VERIFIED],
};
