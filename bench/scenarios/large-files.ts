/** Files that are large enough for the disk to be the limit. */
import { guardCopied } from '../guards.ts';
import { CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { largeFiles } from '../trees/large-files.ts';

export const LARGE_FILES: Scenario = {
  name: 'large-files',
  tree: largeFiles({ description: '100 files of 100 MiB', files: 100, sizeBytes: 100 * 2 ** 20 }),
  work: 'full copy without verification',
  place: 'local disk',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: [efsSync('--verify=none'), CP, RSYNC],
};
