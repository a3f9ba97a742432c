/** How long a name may be, as the file system says. */
import type { Location } from '../model/location.ts';
import { linuxCalls } from './linux/linux.ts';

/** struct statfs of 64-bit Linux: f_namelen is the ninth of its words. */
const STATFS_BYTES = 120;
const NAME_LENGTH_OFFSET = 64;

/** Undefined: it does not say. */
export async function longestNameBytes({ fd, isRemote }: Location): Promise<number | undefined> {
  const buffer = Buffer.alloc(STATFS_BYTES);
  const result = await linuxCalls(isRemote ? 'pooled' : 'blocking').statfs(`/proc/self/fd/${fd}`, buffer);
  const length = Number(buffer.readBigInt64LE(NAME_LENGTH_OFFSET));
  return result < 0 || length <= 0 ? undefined : length;
}
