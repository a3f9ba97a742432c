/** A first copy, nobody verifying. */
import { guardCopied } from '../guards.ts';
import { CP, TAR, XARGS_CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { FPSYNC } from '../peers/fpsync.ts';
import { RCLONE } from '../peers/rclone.ts';
import { RSYNC } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { MANY_FILES } from './many-files.ts';

export const FULL_COPY: Scenario = {
  name: 'full-copy',
  tree: MANY_FILES,
  work: 'full copy without verification',
  place: 'tmpfs',
  suitsAnyTree: true,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: [efsSync('--verify=none'), RSYNC, CP, FPSYNC, RCLONE, TAR, XARGS_CP],
};
