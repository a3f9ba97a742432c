/** Counts a planned change under what Syncing will do about it. */
import type { Counters } from '../../flow/counters.ts';
import { Difference, type Change } from '../../model/change.ts';
import { isFile } from '../../model/entry.ts';
import type { CounterName } from '../../model/tally.ts';

export function countPlanned(counters: Counters<CounterName>, change: Change): void {
  const isNew = (change.differences & (Difference.missing | Difference.kind)) !== 0;
  if (change.action === 'link') counters.add('entriesToLink', 1);
  else if (change.action === 'adjust') counters.add('entriesToAdjust', 1);
  else if (!isFile(change.source)) counters.add(isNew ? 'entriesToCreate' : 'entriesToAdjust', 1);
  else {
    counters.add('filesToTransfer', 1);
    counters.add('bytesToTransfer', change.source.sizeBytes);
  }
}
