/** The run from cron: nothing has changed, and the caches have long forgotten. */
import { guardMetadata } from '../guards.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RCLONE } from '../peers/rclone.ts';
import { RSYNC } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeSynced } from '../trees/destinations.ts';
import { tinyFiles } from '../trees/small-files.ts';

export const MOUNT_NOTHING_TO_DO_COLD: Scenario = {
  name: 'mount-nothing-to-do-cold',
  tree: tinyFiles(20_000),
  work: 'nothing to do, cold caches',
  place: 'mounts',
  suitsAnyTree: true,
  prepareDestination: makeSynced,
  isCold: true,
  guard: guardMetadata,
  contenders: [efsSync('--verify=none'), RSYNC, RCLONE],
};
