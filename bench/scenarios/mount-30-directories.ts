/** Small files over a mount, where round trips are all that counts. */
import { guardCopied } from '../guards.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { smallFiles } from '../trees/small-files.ts';
import { MOUNT_PEERS } from './mount-peers.ts';

export const MOUNT_30_DIRECTORIES: Scenario = {
  name: 'mount-30-directories',
  tree: smallFiles({ directories: 30, filesEach: 100, sizeBytes: 4096 }),
  work: 'full copy without verification',
  place: 'mounts',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: MOUNT_PEERS,
};
