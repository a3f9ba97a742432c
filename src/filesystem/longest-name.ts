/** How long a name may be, as the file system says. */
import type { Location } from '../model/location.ts';
import { callsTo } from './calls-to.ts';

/** struct statfs of 64-bit Linux: f_namelen is the ninth of its words. */
const STATFS_BYTES = 120;
const NAME_LENGTH_OFFSET = 64;

/** Undefined: it does not say. */
export async function longestNameBytes(location: Location): Promise<number | undefined> {
  const buffer = Buffer.alloc(STATFS_BYTES);
  const result = await callsTo(location).statfs(`/proc/self/fd/${location.fd}`, buffer);
  const length = Number(buffer.readBigInt64LE(NAME_LENGTH_OFFSET));
  return result < 0 || length <= 0 ? undefined : length;
}
