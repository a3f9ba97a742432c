/** A worker whose calls block has no use for the pool. */

export function pooledCall(): never {
  throw new Error('a pooled call in a worker whose calls block');
}
