/** The run that cron makes most of the time. */
import { guardMetadata } from '../guards.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeSynced } from '../trees/destinations.ts';
import { tinyFiles } from '../trees/small-files.ts';

export const NOTHING_TO_DO: Scenario = {
  name: 'nothing-to-do',
  tree: tinyFiles(100_000),
  work: 'nothing to do',
  place: 'tmpfs',
  suitsAnyTree: true,
  prepareDestination: makeSynced,
  isCold: false,
  guard: guardMetadata,
  contenders: [efsSync('--verify=none'), RSYNC],
};
