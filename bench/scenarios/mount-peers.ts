/** Who copies small files to a mount, nobody verifying. */
import { CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { FPSYNC } from '../peers/fpsync.ts';
import { RCLONE } from '../peers/rclone.ts';
import { RSYNC } from '../peers/rsync.ts';

export const MOUNT_PEERS = [efsSync('--verify=none'), RSYNC, CP, FPSYNC, RCLONE];
