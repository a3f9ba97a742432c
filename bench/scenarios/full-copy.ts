/** A first copy, nobody verifying. */
import { CP, TAR, XARGS_CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { FPSYNC } from '../peers/fpsync.ts';
import { RCLONE } from '../peers/rclone.ts';
import { RSYNC } from '../peers/rsync.ts';
import { MANY_FILES } from './many-files.ts';
import { fullCopy } from './kinds.ts';

export const FULL_COPY = fullCopy({
  name: 'full-copy',
  tree: MANY_FILES,
  place: 'tmpfs',
  suitsAnyTree: true,
  contenders: [efsSync('--verify=none'), RSYNC, CP, FPSYNC, RCLONE, TAR, XARGS_CP],
});
