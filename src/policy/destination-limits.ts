/** What a file system can hold, as far as its type tells. */
import type { Mount } from '../model/location.ts';
import { isElasticFileSystem } from './elastic-file-system.ts';

/** https://docs.aws.amazon.com/efs/latest/ug/limits.html */
const EFS_LINKS = 177;
/** EXT4_LINK_MAX: ext3 is served by the same driver. */
const EXT4_LINKS = 65_000;

/** How many names one file may have; Infinity where that is not known: the server says it when it is asked. */
export function linkLimitOf(mount: Mount | undefined): number {
  if (isElasticFileSystem(mount)) return EFS_LINKS;
  const type = mount?.fileSystemType;
  return type === 'ext4' || type === 'ext3' ? EXT4_LINKS : Infinity;
}
