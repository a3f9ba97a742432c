/** Copies a file that one read and one write can move. */
import { releaseSmallBuffer, SMALL_BUFFER_SIZE_BYTES, takeSmallBuffer } from './buffer-pool.ts';
import type { CopyPace } from './copy-pace.ts';
import type { OpenFile } from './root.ts';

/**
 * Undefined: something took another turn (a short read, an error, no buffer free), and the general copy
 * is to begin anew: it continues, repeats, or names what failed. PERF: ten promises fewer a file.
 */
export async function copySmall(
  source: OpenFile,
  destination: OpenFile,
  { sizeBytes, pace }: { readonly sizeBytes: number; readonly pace?: CopyPace | undefined },
): Promise<number | undefined> {
  const buffer = sizeBytes <= SMALL_BUFFER_SIZE_BYTES ? takeSmallBuffer() : undefined;
  if (buffer === undefined) return undefined;
  try {
    if (pace !== undefined) await pace.admit(sizeBytes);
    if ((await source.linux.pread(source.fd, buffer, sizeBytes, 0)) !== sizeBytes) return undefined;
    const written = await destination.linux.local.pwrite(destination.fd, buffer, sizeBytes, 0);
    return written === sizeBytes ? written : undefined;
  } finally {
    releaseSmallBuffer(buffer);
  }
}
