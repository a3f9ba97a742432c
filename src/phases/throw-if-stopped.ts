/** Ends what is under way in a run that is to stop, in whichever isolate. */
import { Interrupted } from '../errors.ts';
import type { StopFlag } from '../flow/stop-flag.ts';

/** @throws Interrupted */
export function throwIfStopped({ stop }: { readonly stop: StopFlag }): void {
  if (stop.isRaised) throw new Interrupted('interrupted');
}
