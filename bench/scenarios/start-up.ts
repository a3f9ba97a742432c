/** What a program written for Node pays before its first line, and what this one adds. */
import { guardNothing } from '../guards.ts';
import { EFS_SYNC_VERSION } from '../peers/efs-sync.ts';
import { NODE_NOTHING } from '../peers/node.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { NO_FILES } from '../trees/no-files.ts';

export const START_UP: Scenario = {
  name: 'start-up',
  tree: NO_FILES,
  work: '--version against nothing at all',
  place: 'tmpfs',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardNothing,
  contenders: [EFS_SYNC_VERSION, NODE_NOTHING],
};
