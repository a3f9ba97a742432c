/** Slows a copy down: it is asked before bytes are moved, so that none are ahead of their time. */
import type { Awaitable } from './linux/call-table.ts';

export interface CopyPace {
  /** The most to ask for at once, as it is now. */
  readonly stepBytes: number;
  /** Waits until so many bytes may be moved. */
  admit(count: number): Awaitable<void>;
  /** So many of them were not moved. */
  takeBack(count: number): void;
}
