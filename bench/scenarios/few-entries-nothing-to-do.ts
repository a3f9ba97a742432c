/** Starting, and hardly anything else. */
import { guardMetadata } from '../guards.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeSynced } from '../trees/destinations.ts';
import { tinyFiles } from '../trees/small-files.ts';

export const FEW_ENTRIES_NOTHING_TO_DO: Scenario = {
  name: 'few-entries-nothing-to-do',
  tree: tinyFiles(200),
  work: 'nothing to do',
  place: 'tmpfs',
  suitsAnyTree: false,
  prepareDestination: makeSynced,
  isCold: false,
  guard: guardMetadata,
  contenders: [efsSync('--verify=none'), RSYNC],
};
