/**
 * NFS: reopens a root when its server has forgotten the handle behind the descriptor, as after a failover.
 */
import type { Location } from '../../model/run/location.ts';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_STATX_FORCE_SYNC,
  O_CLOEXEC,
  O_DIRECTORY,
  O_RDONLY,
  STATX_BASIC_STATS,
} from '../../linux/constants.ts';
import { sameIdentity } from '../../model/entry.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { ENOENT, ENOTDIR, ESTALE } from '../../linux/system-error.ts';
import { closeQuietly } from '../open-directory.ts';
import type { Root } from '../root.ts';

export type RootIdentity = Pick<Location, 'realPath' | 'device' | 'inode'>;

/**
 * - `usable`: the descriptor leads to the root, or nothing can be said at the moment
 * - `lost`: another directory, or none, is at the root's path
 */
export type RootState = 'usable' | 'lost';

/** If the descriptor is stale and the path leads to the same directory, makes the descriptor valid again. */
export async function renewRoot({ linux, fd }: Root, identity: RootIdentity): Promise<RootState> {
  const stat = new StatBuffer();
  const flags = AT_EMPTY_PATH | AT_STATX_FORCE_SYNC;
  if ((await linux.statx(fd, '', flags, STATX_BASIC_STATS, stat.bytes)) !== -ESTALE) return 'usable';
  const opened = await linux.openat(AT_FDCWD, identity.realPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (opened < 0) return opened === -ENOENT || opened === -ENOTDIR ? 'lost' : 'usable';
  const result = await linux.statx(opened, '', AT_EMPTY_PATH, STATX_BASIC_STATS, stat.bytes);
  const isSame = result === 0 && sameIdentity(stat, identity);
  // All isolates know the root by its descriptor number: dup3 makes that number refer to the new handle.
  if (isSame) await linux.dup3(opened, fd, O_CLOEXEC);
  await closeQuietly(linux, opened);
  return isSame || result < 0 ? 'usable' : 'lost';
}
