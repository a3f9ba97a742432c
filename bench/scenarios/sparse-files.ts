/** Holes are found, or read. On tmpfs, where reading them is cheapest. */
import { CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC_SPARSE } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { guardSparse, SPARSE_FILES } from '../trees/sparse-files.ts';

export const SPARSE_FILES_COPY: Scenario = {
  name: 'sparse-files',
  tree: SPARSE_FILES,
  work: 'full copy without verification',
  place: 'tmpfs',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardSparse,
  contenders: [efsSync('--verify=none'), RSYNC_SPARSE, CP],
};
