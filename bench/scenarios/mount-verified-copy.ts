/** The migration itself: copied and proven. */
import { guardCopied } from '../guards.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RCLONE_VERIFIED } from '../peers/rclone.ts';
import { RSYNC_VERIFIED } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { smallFiles } from '../trees/small-files.ts';

export const MOUNT_VERIFIED_COPY: Scenario = {
  name: 'mount-verified-copy',
  tree: smallFiles({ directories: 30, filesEach: 100, sizeBytes: 4096 }),
  work: 'full copy with full verification',
  place: 'mounts',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: [efsSync('--verify=full'), RSYNC_VERIFIED, RCLONE_VERIFIED],
};
