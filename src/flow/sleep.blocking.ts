/** Sleeps in a worker whose calls block: the whole isolate waits. */

const nobodyChangesIt = new Int32Array(new SharedArrayBuffer(4));

export function sleep(durationMs: number): void {
  Atomics.wait(nobodyChangesIt, 0, 0, durationMs);
}
