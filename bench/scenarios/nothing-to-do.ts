/** The run that cron makes most of the time. */
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import { tinyFiles } from '../trees/small-files.ts';
import { nothingToDo } from './kinds.ts';

export const NOTHING_TO_DO = nothingToDo({
  name: 'nothing-to-do',
  tree: tinyFiles(100_000),
  place: 'tmpfs',
  suitsAnyTree: true,
  contenders: [efsSync('--verify=none'), RSYNC],
});
