/** One file that has to be copied in ranges to use more than one core. */
import { CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import { largeFiles } from '../trees/large-files.ts';
import { fullCopy } from './kinds.ts';

export const LARGE_FILE = fullCopy({
  name: 'large-file',
  tree: largeFiles({ description: '1 file of 8 GiB', files: 1, sizeBytes: 8 * 2 ** 30 }),
  place: 'local disk',
  suitsAnyTree: false,
  contenders: [efsSync('--verify=none'), CP, RSYNC],
});
