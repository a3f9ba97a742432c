/** One file, one block after the other or many at once. */
import { guardCopied } from '../guards.ts';
import { CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RCLONE } from '../peers/rclone.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { largeFiles } from '../trees/large-files.ts';

export const MOUNT_LARGE_FILE: Scenario = {
  name: 'mount-large-file',
  tree: largeFiles({ description: '1 file of 2 GiB', files: 1, sizeBytes: 2 * 2 ** 30 }),
  work: 'full copy without verification',
  place: 'mounts',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: [efsSync('--verify=none'), CP, RCLONE],
};
