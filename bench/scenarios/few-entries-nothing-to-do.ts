/** Starting, and hardly anything else. */
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import { tinyFiles } from '../trees/small-files.ts';
import { nothingToDo } from './kinds.ts';

export const FEW_ENTRIES_NOTHING_TO_DO = nothingToDo({
  name: 'few-entries-nothing-to-do',
  tree: tinyFiles(200),
  place: 'tmpfs',
  suitsAnyTree: false,
  contenders: [efsSync('--verify=none'), RSYNC],
});
