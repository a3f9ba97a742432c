/** The worst case: NFS holds a directory over each create and rename in it. */
import { oneDirectory } from '../trees/small-files.ts';
import { MOUNT_PEERS } from './mount-peers.ts';
import { fullCopy } from './kinds.ts';

export const MOUNT_ONE_DIRECTORY = fullCopy({
  name: 'mount-one-directory',
  tree: oneDirectory(3000, 4096),
  place: 'mounts',
  suitsAnyTree: false,
  contenders: MOUNT_PEERS,
});
