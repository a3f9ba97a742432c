/** One file, one block after the other or many at once. */
import { CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RCLONE } from '../peers/rclone.ts';
import { largeFiles } from '../trees/large-files.ts';
import { fullCopy } from './kinds.ts';

export const MOUNT_LARGE_FILE = fullCopy({
  name: 'mount-large-file',
  tree: largeFiles({ description: '1 file of 2 GiB', files: 1, sizeBytes: 2 * 2 ** 30 }),
  place: 'mounts',
  suitsAnyTree: false,
  contenders: [efsSync('--verify=none'), CP, RCLONE],
});
