/** Every way in which a call reaches the kernel. */
import type { Linux } from '../../src/linux/call-table.ts';
import { linuxCalls, linuxCallsThrough, type CallPath } from '../../src/linux/linux.ts';
import { openRing } from '../../src/linux/ring.ts';

/** `ring` is `pooled` if the kernel offers no ring. */
export type TestedPath = CallPath | 'ring';

export const CALL_PATHS = ['blocking', 'pooled', 'ring'] as const satisfies readonly TestedPath[];

let ring: ReturnType<typeof openRing>;

export function callsBy(path: TestedPath): Linux {
  if (path !== 'ring') return linuxCalls(path);
  ring ??= openRing();
  return ring === undefined ? linuxCalls('pooled') : linuxCallsThrough(ring);
}
