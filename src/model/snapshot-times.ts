/** A snapshot's name, and when its directory was read and changed last. */
import type { Entry } from './entry.ts';

export interface SnapshotTimes extends Pick<Entry, 'atimeSec' | 'atimeNsec' | 'ctimeSec' | 'ctimeNsec'> {
  readonly name: string;
}
