/** Sleeps while other work of the isolate continues. */
import { setTimeout } from 'node:timers/promises';

export function sleep(durationMs: number): Promise<void> {
  return setTimeout(durationMs);
}
