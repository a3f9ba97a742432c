/** One file that has to be copied in ranges to use more than one core. */
import { guardCopied } from '../guards.ts';
import { CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { largeFiles } from '../trees/large-files.ts';

export const LARGE_FILE: Scenario = {
  name: 'large-file',
  tree: largeFiles({ description: '1 file of 8 GiB', files: 1, sizeBytes: 8 * 2 ** 30 }),
  work: 'full copy without verification',
  place: 'local disk',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: [efsSync('--verify=none'), CP, RSYNC],
};
