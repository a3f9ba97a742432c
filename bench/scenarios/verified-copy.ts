/** A first copy and the proof of it: efs-sync's default. */
import { guardCopied } from '../guards.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RCLONE_VERIFIED } from '../peers/rclone.ts';
import { RSYNC_VERIFIED } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { MANY_FILES } from './many-files.ts';

export const VERIFIED_COPY: Scenario = {
  name: 'verified-copy',
  tree: MANY_FILES,
  work: 'full copy with full verification',
  place: 'tmpfs',
  suitsAnyTree: true,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: [efsSync('--verify=full'), RSYNC_VERIFIED, RCLONE_VERIFIED],
};
