/** Waits, in a worker whose calls block: the whole isolate does. */

export function sleep(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
