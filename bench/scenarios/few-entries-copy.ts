/** So little to copy that starting is most of it. */
import { guardCopied } from '../guards.ts';
import { efsSync } from '../peers/efs-sync.ts';
import { RSYNC } from '../peers/rsync.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { tinyFiles } from '../trees/small-files.ts';

export const FEW_ENTRIES_COPY: Scenario = {
  name: 'few-entries-copy',
  tree: tinyFiles(200),
  work: 'full copy without verification',
  place: 'tmpfs',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: [efsSync('--verify=none'), RSYNC],
};
