/** The daily run: a little was rewritten, is new, or was removed. */
import { guardMetadata } from '../guards.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC_DELETE } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeOutdated } from '../trees/destinations.ts';
import { tinyFiles } from '../trees/small-files.ts';

export const ONE_PERCENT_CHANGED: Scenario = {
  name: 'one-percent-changed',
  tree: tinyFiles(1_000_000),
  work: '1 % changed, with --delete',
  place: 'tmpfs',
  suitsAnyTree: false,
  prepareDestination: makeOutdated,
  isCold: false,
  guard: guardMetadata,
  contenders: [efsSync('--delete', '--verify=none'), RSYNC_DELETE],
};
