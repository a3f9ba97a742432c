/** Files that are large enough for the disk to be the limit. */
import { CP } from '../peers/coreutils.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import { largeFiles } from '../trees/large-files.ts';
import { fullCopy } from './kinds.ts';

export const LARGE_FILES = fullCopy({
  name: 'large-files',
  tree: largeFiles({ description: '100 files of 100 MiB', files: 100, sizeBytes: 100 * 2 ** 20 }),
  place: 'local disk',
  suitsAnyTree: false,
  contenders: [efsSync('--verify=none'), CP, RSYNC],
});
