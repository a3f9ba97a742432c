/** Small files over a mount, where round trips are all that counts. */
import { smallFiles } from '../trees/small-files.ts';
import { MOUNT_PEERS } from './mount-peers.ts';
import { fullCopy } from './kinds.ts';

export const MOUNT_30_DIRECTORIES = fullCopy({
  name: 'mount-30-directories',
  tree: smallFiles({ directories: 30, filesEach: 100, sizeBytes: 4096 }),
  place: 'mounts',
  suitsAnyTree: false,
  contenders: MOUNT_PEERS,
});
