/** The proof alone. On tmpfs, for a cache of twice the size may not stay warm. */
import { guardNoticed } from '../guards.ts';
import { EFS_SYNC_VERIFY } from '../peers/efs-sync.ts';
import { RSYNC_COMPARISON } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeSynced } from '../trees/destinations.ts';
import { largeFiles } from '../trees/large-files.ts';

export const VERIFY: Scenario = {
  name: 'verify',
  tree: largeFiles({ description: '10 files of 1 GB', files: 10, sizeBytes: 1e9 }),
  work: 'verification alone',
  place: 'tmpfs',
  suitsAnyTree: true,
  prepareDestination: makeSynced,
  isCold: false,
  guard: guardNoticed,
  contenders: [EFS_SYNC_VERIFY, RSYNC_COMPARISON],
};
