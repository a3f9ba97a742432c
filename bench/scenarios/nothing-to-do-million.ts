/** The same of a tree where start-up counts for nothing, and memory for something. */
import { guardMetadata } from '../guards.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeSynced } from '../trees/destinations.ts';
import { tinyFiles } from '../trees/small-files.ts';

export const NOTHING_TO_DO_MILLION: Scenario = {
  name: 'nothing-to-do-million',
  tree: tinyFiles(1_000_000),
  work: 'nothing to do',
  place: 'tmpfs',
  suitsAnyTree: false,
  prepareDestination: makeSynced,
  isCold: false,
  guard: guardMetadata,
  contenders: [efsSync('--verify=none'), RSYNC],
};
