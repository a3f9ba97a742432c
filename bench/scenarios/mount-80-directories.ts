/** More directories than calls in flight: no two need to wait for the lock of one. */
import { guardCopied } from '../guards.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { smallFiles } from '../trees/small-files.ts';
import { MOUNT_PEERS } from './mount-peers.ts';

export const MOUNT_80_DIRECTORIES: Scenario = {
  name: 'mount-80-directories',
  tree: smallFiles({ directories: 80, filesEach: 50, sizeBytes: 4096 }),
  work: 'full copy without verification',
  place: 'mounts',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: MOUNT_PEERS,
};
