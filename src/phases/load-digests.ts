/** Has at hand what the run will compute digests with. */
import { loadXxhash } from '../filesystem/xxhash.ts';
import type { Settings } from '../model/settings.ts';

/** PERF: a run that reads no content has no use for the 5 ms. */
export async function loadDigests({ digest, checksum, verify }: Settings): Promise<void> {
  if (digest === 'xxh64' && (checksum || verify !== 'none')) await loadXxhash();
}
