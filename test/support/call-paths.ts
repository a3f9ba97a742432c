/** Every way a call can take to the kernel. */
import type { Linux } from '../../src/filesystem/linux/call-table.ts';
import { linuxCalls, linuxCallsThrough, type CallPath } from '../../src/filesystem/linux/linux.ts';
import { openRing } from '../../src/filesystem/linux/ring/ring.ts';

/** `ring` is `pooled` where the kernel has no ring for us. */
export type TestedPath = CallPath | 'ring';

export const CALL_PATHS = ['blocking', 'pooled', 'ring'] as const satisfies readonly TestedPath[];

let ring: ReturnType<typeof openRing>;

export function callsBy(path: TestedPath): Linux {
  if (path !== 'ring') return linuxCalls(path);
  ring ??= openRing();
  return ring === undefined ? linuxCalls('pooled') : linuxCallsThrough(ring);
}
