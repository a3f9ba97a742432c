/** The run that cron makes most of the time. */
import { RSYNC, efsSync } from '../peers.ts';
import type { Scenario } from '../scenario.ts';
import { makeSynced } from '../trees.ts';
import { makeManySmallFiles, SMALL_FILES } from './small-files.ts';

export const NOTHING_TO_DO: Scenario = {
  name: 'nothing-to-do',
  title: `${SMALL_FILES}, tmpfs, nothing to do`,
  parent: '/dev/shm',
  makeSource: makeManySmallFiles,
  prepareDestination: makeSynced,
  contenders: [efsSync('--verify=none'), RSYNC],
};
