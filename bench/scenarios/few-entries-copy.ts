/** So little to copy that starting is most of it. */
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import { tinyFiles } from '../trees/small-files.ts';
import { fullCopy } from './kinds.ts';

export const FEW_ENTRIES_COPY = fullCopy({
  name: 'few-entries-copy',
  tree: tinyFiles(200),
  place: 'tmpfs',
  suitsAnyTree: false,
  contenders: [efsSync('--verify=none'), RSYNC],
});
