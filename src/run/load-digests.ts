/** Loads the digest code that a unit of work needs. @waits for WebAssembly, before the unit begins */
import { loadXxhash } from '../filesystem/compare/xxhash.ts';
import type { Settings } from '../model/settings.ts';
import type { IsolateUnit } from './serve-unit.ts';

const READING_UNITS = new Set<IsolateUnit['unit']>(['verify', 'verifySections', 'concludeFile', 'planFile']);
const PREPARING_UNITS = new Set<IsolateUnit['unit']>(['prepare', 'explain']);

/** PERF: takes 5 ms, which a run that reads no content need not spend. */
export async function loadDigestsFor({ unit }: IsolateUnit, { digest, checksum }: Settings): Promise<void> {
  const readsContent = READING_UNITS.has(unit) || (PREPARING_UNITS.has(unit) && checksum);
  if (readsContent && digest === 'xxh64') await loadXxhash();
}
