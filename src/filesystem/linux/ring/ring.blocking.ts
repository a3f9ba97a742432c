/** A worker whose calls block has no use for a ring. */

export function openRing(): undefined {
  return undefined;
}
