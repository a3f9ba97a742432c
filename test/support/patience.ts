/** Waits for ever, as a run without --timeout that nobody interrupts. */
import type { Patience } from '../../src/cli/patience.ts';

export const PATIENT: Patience = { signal: new AbortController().signal, timeoutMs: 0 };
