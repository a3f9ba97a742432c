/** Waits without limit, like a run without --timeout that nobody interrupts. */
import type { Patience } from '../../src/flow/patience.ts';

export const PATIENT: Patience = { signal: new AbortController().signal, timeoutMs: 0 };
