/** How calls are asked of io_uring: which argument goes in which field of an entry (io_uring_enter(2)). */
import type { CallName } from '../call-table.ts';

/** Positions of arguments. */
export interface RingOperation {
  readonly opcode: number;
  readonly fd: number;
  readonly address?: number;
  /** `off`, or `addr2`: a second address. */
  readonly offset?: number;
  readonly length?: number;
  readonly flags?: number;
}

/** There is none for times, owners, modes and listings. */
export const RING_OPERATIONS = {
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
