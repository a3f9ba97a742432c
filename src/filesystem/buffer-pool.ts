/**
 * Memory for file content, reused within the isolate and bounded: if no buffer is free, the caller waits for
 * one.
 */
import { WaitingLine } from '../flow/waiting-line.ts';
import { BUFFERS, CALLS_PER_ISOLATE, SMALL_BUFFER_PAIRS } from '../model/concurrency.ts';
import { loadLibrary } from '../linux/library.ts';

export const BUFFER_SIZE_BYTES = 1024 * 1024;
export const SMALL_BUFFER_SIZE_BYTES = 128 * 1024;
/** The huge page size on x64, and on arm64 with pages of 4 KiB. */
export const HUGE_PAGE_BYTES = 2 * 1024 * 1024;
const MADV_HUGEPAGE = 14;

type Use<T> = (buffer: Buffer) => Promise<T>;

interface PoolOptions {
  readonly sizeBytes: number;
  readonly count: number;
  /** The first buffer lies in a huge page: blocking calls never use a second one. */
  readonly startsWithHugePage?: boolean;
}

class BufferPool {
  readonly #sizeBytes: number;
  readonly #free: Buffer[] = [];
  readonly #line = new WaitingLine<Buffer>();
  #unmade: number;
  #isHugePageDue: boolean;

  constructor({ sizeBytes, count, startsWithHugePage = false }: PoolOptions) {
    this.#sizeBytes = sizeBytes;
    this.#unmade = count;
    this.#isHugePageDue = startsWithHugePage;
  }

  async use<T>(use: Use<T>): Promise<T> {
    const buffer = this.take() ?? (await this.#line.wait());
    try {
      return await use(buffer);
    } finally {
      this.release(buffer);
    }
  }

  take(): Buffer | undefined {
    return this.#free.pop() ?? this.#make();
  }

  release(buffer: Buffer): void {
    if (!this.#line.serve(buffer)) this.#free.push(buffer);
  }

  #make(): Buffer | undefined {
    if (this.#unmade === 0) return undefined;
    this.#unmade--;
    if (!this.#isHugePageDue) return Buffer.allocUnsafeSlow(this.#sizeBytes);
    this.#isHugePageDue = false;
    return allocateHugePage();
  }
}

const buffers = new BufferPool({ sizeBytes: BUFFER_SIZE_BYTES, count: BUFFERS });
const smallBuffers = new BufferPool({ sizeBytes: SMALL_BUFFER_SIZE_BYTES, count: CALLS_PER_ISOLATE });
// Pairs need pools of their own: two tasks that each hold one buffer and wait for a second would deadlock.
const bufferPairs = new BufferPool({ sizeBytes: HUGE_PAGE_BYTES, count: BUFFERS, startsWithHugePage: true });
const smallBufferPairs = new BufferPool({
  sizeBytes: 2 * SMALL_BUFFER_SIZE_BYTES,
  count: SMALL_BUFFER_PAIRS,
});

/**
 * Lends 1 MiB until `use` settles; by then no call on the buffer may be in flight. Do not nest: the inner
 * call may wait for the buffer that the outer one holds.
 */
export function withBuffer<T>(use: Use<T>): Promise<T> {
  return buffers.use(use);
}

/** Lends 128 KiB, for small files. */
export function withSmallBuffer<T>(use: Use<T>): Promise<T> {
  return smallBuffers.use(use);
}

/**
 * Like `withSmallBuffer`, but never waits: undefined if no buffer is free. Return it with
 * `releaseSmallBuffer`.
 */
export function takeSmallBuffer(): Buffer | undefined {
  return smallBuffers.take();
}

export function releaseSmallBuffer(buffer: Buffer): void {
  smallBuffers.release(buffer);
}

type UsePair<T> = (first: Buffer, second: Buffer) => Promise<T>;

/** Lends two buffers of 1 MiB, which share one huge page. */
export function withBufferPair<T>(use: UsePair<T>): Promise<T> {
  return bufferPairs.use((buffer) => use(...halves(buffer)));
}

/** Lends two buffers of 128 KiB. */
export function withSmallBufferPair<T>(use: UsePair<T>): Promise<T> {
  return smallBufferPairs.use((buffer) => use(...halves(buffer)));
}

function halves(buffer: Buffer): [Buffer, Buffer] {
  const middle = buffer.length / 2;
  return [buffer.subarray(0, middle), buffer.subarray(middle)];
}

/**
 * PERF: two processes read and compared 4 GiB of cached files in 0.14 s with huge pages, in 0.28 with pages
 * of 4 KiB. It is a hint, see madvise(2): if the kernel ignores it, these are ordinary pages.
 */
export function allocateHugePage(): Buffer {
  const { declare, addressOf } = loadLibrary();
  // Twice the size always holds one aligned page; untouched pages take no memory.
  const memory = Buffer.allocUnsafeSlow(2 * HUGE_PAGE_BYTES);
  const start = HUGE_PAGE_BYTES - Number(addressOf(memory) % BigInt(HUGE_PAGE_BYTES));
  const page = memory.subarray(start, start + HUGE_PAGE_BYTES);
  declare('madvise', 'int', ['void *', 'size_t', 'int'])(page, page.length, MADV_HUGEPAGE);
  return page;
}
