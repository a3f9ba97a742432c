/** The calls that io_uring knows, bound to a ring. */
import type { Argument, Call } from '../call.ts';
import { callNumber } from '../call-notes.ts';
import type { CallName, Calls } from '../call-table.ts';
import { RING_OPERATIONS, type RingOperation } from './ring-operations.ts';
import { NAME_BYTES } from './open-ring.ts';
import type { Ring } from './ring.ts';

/** @param pooled takes what does not fit in the ring */
export function ringCalls(ring: Ring, pooled: Calls): Partial<Calls> {
  const names = Object.keys(RING_OPERATIONS) as (keyof typeof RING_OPERATIONS)[];
  return Object.fromEntries(names.map((name) => [name, bind(ring, name, pooled[name] as Call)]));
}

function bind(ring: Ring, name: CallName & keyof typeof RING_OPERATIONS, pooled: Call): Call {
  const operation: RingOperation = RING_OPERATIONS[name];
  const call = callNumber(name);
  return (...args) => (args.some(isTooLong) ? pooled(...args) : ring.make(call, operation, args));
}

function isTooLong(argument: Argument): boolean {
  return typeof argument === 'string' && argument.length >= NAME_BYTES;
}
