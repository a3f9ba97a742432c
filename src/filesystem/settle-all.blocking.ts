/** Calls that block have ended, or thrown, before anybody could wait for them. */

export function settleAll<T>(results: readonly T[]): readonly T[] {
  return results;
}
