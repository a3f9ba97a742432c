/** More directories than calls in flight: no two need to wait for the lock of one. */
import { smallFiles } from '../trees/small-files.ts';
import { MOUNT_PEERS } from './mount-peers.ts';
import { fullCopy } from './kinds.ts';

export const MOUNT_80_DIRECTORIES = fullCopy({
  name: 'mount-80-directories',
  tree: smallFiles({ directories: 80, filesEach: 50, sizeBytes: 4096 }),
  place: 'mounts',
  suitsAnyTree: false,
  contenders: MOUNT_PEERS,
});
