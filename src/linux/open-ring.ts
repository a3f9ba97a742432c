/**
 * Sets up this thread's io_uring(7) in its own memory: one page of entries, one of both queues, then the
 * names and the timeout. A kernel that lacks or forbids io_uring is no error: calls then use the pool.
 */
import { CALLS_PER_ISOLATE, RING_PAGE_BYTES } from '../model/concurrency.ts';
import { loadLibrary, type ForeignFunction, type Library } from './library.ts';

export const ENTRIES = CALLS_PER_ISOLATE;
/** The kernel's default. */
export const COMPLETIONS = 2 * ENTRIES;
/** Linux has no longer names; calls with longer paths go to the pool. */
export const NAME_BYTES = 256;
/** An operation has at most two names. */
const NAMES_BYTES = 2 * ENTRIES * NAME_BYTES;

/** The same number on x64 and arm64. */
const [IO_URING_SETUP, IO_URING_ENTER, IO_URING_REGISTER] = [425, 426, 427] as const;

/** Since Linux 6.1: completions wait until this thread asks for them, instead of interrupting it. */
const [SINGLE_ISSUER, DEFER_TASKRUN] = [1 << 12, 1 << 13] as const;
/** Since Linux 6.5 and 6.6. */
const [NO_MMAP, NO_SQARRAY] = [1 << 14, 1 << 16] as const;
const SETUP_FLAGS = SINGLE_ISSUER | DEFER_TASKRUN | NO_MMAP | NO_SQARRAY;

/** Offsets within struct io_uring_params, in bytes. */
const PARAMS_BYTES = 120;
const [FLAGS, QUEUES_ADDRESS, ENTRIES_ADDRESS] = [8, 112, 72] as const;
const [SUBMISSION_TAIL, COMPLETION_HEAD, COMPLETION_TAIL, COMPLETION_LIST] = [44, 80, 84, 100] as const;

const REGISTER_IOWQ_MAX_WORKERS = 19;
const [ENTER_GETEVENTS, ENTER_EXT_ARG] = [1, 8] as const;

/** struct io_uring_getevents_arg ends with the address of the timeout, which follows it here. */
const [WAIT_BYTES, TIME_ADDRESS, TIME_BYTES, NANOSECONDS] = [24, 16, 16, 8] as const;

/** Arrays of 32-bit words. Positions are in words, where the kernel gives bytes. */
export interface RingMemory {
  readonly entries: Int32Array;
  readonly queues: Int32Array;
  readonly submissionTailAt: number;
  readonly completionHeadAt: number;
  readonly completionTailAt: number;
  readonly completionsAt: number;
  readonly names: Buffer;
  readonly namesAddress: number;
  readonly addressOf: (bytes: Uint8Array) => number;
  /**
   * io_uring_enter(2): submits `count` entries and waits, up to the timeout, for one completion. Returns a
   * result or -errno.
   */
  readonly enter: (count: number) => number;
  readonly close: () => void;
}

/** Undefined if io_uring is not available. */
export function openRingMemory(longestWaitNs: number): RingMemory | undefined {
  const library = loadLibrary();
  const addressOf = bindAddressOf(library);
  const memory = Buffer.alloc(3 * RING_PAGE_BYTES + NAMES_BYTES + WAIT_BYTES + TIME_BYTES);
  const start = RING_PAGE_BYTES - (addressOf(memory) % RING_PAGE_BYTES);
  const pages = memory.subarray(start);
  const entries = pages.subarray(0, RING_PAGE_BYTES);
  const queues = pages.subarray(RING_PAGE_BYTES, 2 * RING_PAGE_BYTES);
  const names = pages.subarray(2 * RING_PAGE_BYTES, 2 * RING_PAGE_BYTES + NAMES_BYTES);
  const wait = pages.subarray(2 * RING_PAGE_BYTES + NAMES_BYTES);
  wait.writeBigUInt64LE(BigInt(addressOf(wait) + WAIT_BYTES), TIME_ADDRESS);
  wait.writeBigInt64LE(BigInt(longestWaitNs), WAIT_BYTES + NANOSECONDS);

  const params = Buffer.alloc(PARAMS_BYTES);
  params.writeUInt32LE(SETUP_FLAGS, FLAGS);
  params.writeBigUInt64LE(BigInt(addressOf(entries)), ENTRIES_ADDRESS);
  params.writeBigUInt64LE(BigInt(addressOf(queues)), QUEUES_ADDRESS);
  const fd = systemCall(library, ['uint', 'void *'])(IO_URING_SETUP, ENTRIES, params);
  if (fd < 0) return undefined;
  allowThreads(library, fd);
  const enter = systemCall(library, ['int', 'uint', 'uint', 'uint', 'void *', 'int64_t']);
  const wordAt = (offset: number) => params.readUInt32LE(offset) / 4;
  return {
    entries: wordsOf(entries),
    queues: wordsOf(queues),
    submissionTailAt: wordAt(SUBMISSION_TAIL),
    completionHeadAt: wordAt(COMPLETION_HEAD),
    completionTailAt: wordAt(COMPLETION_TAIL),
    completionsAt: wordAt(COMPLETION_LIST),
    names,
    namesAddress: addressOf(names),
    addressOf,
    enter: (count) => enter(IO_URING_ENTER, fd, count, 1, ENTER_GETEVENTS | ENTER_EXT_ARG, wait, WAIT_BYTES),
    // Nothing is written through this descriptor, so close has no error to report.
    close: () => void library.declare('close', 'int', ['int'])(fd),
  };
}

function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, length / 4);
}

/** Returns a result or -errno. */
function systemCall(library: Library, parameters: string[]): (...args: unknown[]) => number {
  const call: ForeignFunction = library.declare('syscall', 'int64_t', ['int64_t', ...parameters]);
  return (...args) => {
    const result = Number(call(...args));
    return result < 0 ? -library.errno() : result;
  };
}

/**
 * PERF: by default the kernel runs at most four calls per core at a time. If it refuses more, that limit
 * stays.
 */
function allowThreads(library: Library, fd: number): void {
  const counts = Buffer.alloc(8);
  counts.writeUInt32LE(ENTRIES, 0);
  systemCall(library, ['int', 'uint', 'void *', 'uint'])(
    IO_URING_REGISTER, fd, REGISTER_IOWQ_MAX_WORKERS, counts, 2,
  ); // prettier-ignore
}

/** Finds an address with memcpy, which returns the address it was given. */
function bindAddressOf(library: Library): (bytes: Uint8Array) => number {
  const memcpy = library.declare('memcpy', 'int64_t', ['void *', 'void *', 'int64_t']);
  return (bytes) => Number(memcpy(bytes, bytes, 0));
}
