/** Has at hand what a unit of work computes digests with. */
import { loadXxhash } from '../filesystem/xxhash.ts';
import type { Settings } from '../model/settings.ts';
import type { WorkUnit } from './units.ts';

const READING_UNITS = new Set<WorkUnit['unit']>(['verify', 'verifySections', 'concludeFile', 'planFile']);

/** PERF: a run that reads no content has no use for the 5 ms. */
export async function loadDigestsFor({ unit }: WorkUnit, { digest, checksum }: Settings): Promise<void> {
  const readsContent = READING_UNITS.has(unit) || (unit === 'prepare' && checksum);
  if (readsContent && digest === 'xxh64') await loadXxhash();
}
