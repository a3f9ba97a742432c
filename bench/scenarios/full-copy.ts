/** A first copy, nobody verifying. */
import { CP, RSYNC, efsSync } from '../peers.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees.ts';
import { makeManySmallFiles, SMALL_FILES } from './small-files.ts';

export const FULL_COPY: Scenario = {
  name: 'full-copy',
  title: `${SMALL_FILES}, tmpfs, full copy without verification`,
  parent: '/dev/shm',
  makeSource: makeManySmallFiles,
  prepareDestination: makeEmpty,
  contenders: [efsSync('--verify=none'), CP, RSYNC],
};
