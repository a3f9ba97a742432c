/** The same of a tree where start-up counts for nothing, and memory for something. */
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import { tinyFiles } from '../trees/small-files.ts';
import { nothingToDo } from './kinds.ts';

export const NOTHING_TO_DO_MILLION = nothingToDo({
  name: 'nothing-to-do-million',
  tree: tinyFiles(1_000_000),
  place: 'tmpfs',
  suitsAnyTree: false,
  contenders: [efsSync('--verify=none'), RSYNC],
});
