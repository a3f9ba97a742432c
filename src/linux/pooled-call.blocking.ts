/** Replaces the pool in workers whose calls block: they never use it. */

export function pooledCall(): never {
  throw new Error('a pooled call in a worker whose calls block');
}
