/** Which calls a ring makes, and how they are encoded for it. */
import { callNumber } from './call-notes.ts';
import type { Argument, Call, CallName, Calls } from './call-table.ts';
import { NAME_BYTES } from './open-ring.ts';

/** Which argument goes in which field of an entry (io_uring_enter(2)): positions of arguments. */
export interface RingOperation {
  readonly opcode: number;
  readonly fd: number;
  readonly address?: number;
  /** The field `off`, or `addr2`: a second address. */
  readonly offset?: number;
  readonly length?: number;
  readonly flags?: number;
}

/** io_uring has no operations for times, owners, modes and listings. */
const RING_OPERATIONS = {
  fsync: { opcode: 3, fd: 0 },
  openat: { opcode: 18, fd: 0, address: 1, flags: 2, length: 3 },
  close: { opcode: 19, fd: 0 },
  statx: { opcode: 21, fd: 0, address: 1, flags: 2, length: 3, offset: 4 },
  pread: { opcode: 22, fd: 0, address: 1, length: 2, offset: 3 },
  pwrite: { opcode: 23, fd: 0, address: 1, length: 2, offset: 3 },
  openat2: { opcode: 28, fd: 0, address: 1, offset: 2, length: 3 },
  renameat: { opcode: 35, fd: 0, address: 1, length: 2, offset: 3 },
  unlinkat: { opcode: 36, fd: 0, address: 1, flags: 2 },
  mkdirat: { opcode: 37, fd: 0, address: 1, length: 2 },
  linkat: { opcode: 39, fd: 0, address: 1, length: 2, offset: 3, flags: 4 },
} as const satisfies Partial<Record<CallName, RingOperation>>;

/** A ring, as far as calls need it. */
interface OperationMaker {
  readonly make: (call: number, operation: RingOperation, args: readonly Argument[]) => Promise<number>;
}

/** @param pooled used for calls that do not fit in the ring */
export function ringCalls(ring: OperationMaker, pooled: Calls): Partial<Calls> {
  const names = Object.keys(RING_OPERATIONS) as (keyof typeof RING_OPERATIONS)[];
  return Object.fromEntries(names.map((name) => [name, bindToRing(ring, name, pooled[name] as Call)]));
}

function bindToRing(ring: OperationMaker, name: CallName & keyof typeof RING_OPERATIONS, pooled: Call): Call {
  const operation: RingOperation = RING_OPERATIONS[name];
  const call = callNumber(name);
  return (...args) => (args.some(isTooLong) ? pooled(...args) : ring.make(call, operation, args));
}

function isTooLong(argument: Argument): boolean {
  return typeof argument === 'string' && argument.length >= NAME_BYTES;
}
