/** Waits for every promise, then throws what the first of them to fail in order threw. */

/**
 * `Promise.all` gives up at the first failure while other calls still fill their buffers: a buffer that
 * goes back to its pool then would get their bytes in its next use.
 */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
