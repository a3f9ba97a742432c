/** The worst case: NFS holds a directory over each create and rename in it. */
import { guardCopied } from '../guards.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { oneDirectory } from '../trees/small-files.ts';
import { MOUNT_PEERS } from './mount-peers.ts';

export const MOUNT_ONE_DIRECTORY: Scenario = {
  name: 'mount-one-directory',
  tree: oneDirectory(3000, 4096),
  work: 'full copy without verification',
  place: 'mounts',
  suitsAnyTree: false,
  prepareDestination: makeEmpty,
  isCold: false,
  guard: guardCopied,
  contenders: MOUNT_PEERS,
};
