/** Memory for file content, reused within the isolate and bounded: who finds none free waits for one. */
import { allocateHugePage, HUGE_PAGE_BYTES } from './linux/huge-page.ts';
import { WaitingLine } from './waiting-line.ts';

export const BUFFER_SIZE_BYTES = 1024 * 1024;
export const SMALL_BUFFER_SIZE_BYTES = 128 * 1024;

/** 72 MiB an isolate at most, and only the pages that were ever touched. */
const BUFFERS = 20;
const SMALL_BUFFERS = 64;

type Use<T> = (buffer: Buffer) => Promise<T>;

interface PoolOptions {
  readonly sizeBytes: number;
  readonly count: number;
  /** The first one lies in a huge page: blocking calls never use a second. */
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
const smallBuffers = new BufferPool({ sizeBytes: SMALL_BUFFER_SIZE_BYTES, count: SMALL_BUFFERS });
// Pairs have pools of their own: two tasks that each hold one buffer and wait for a second never end.
const bufferPairs = new BufferPool({ sizeBytes: HUGE_PAGE_BYTES, count: BUFFERS, startsWithHugePage: true });
const smallBufferPairs = new BufferPool({ sizeBytes: 2 * SMALL_BUFFER_SIZE_BYTES, count: SMALL_BUFFERS / 4 });

/**
 * Lends 1 MiB until `use` settles; no call on the buffer may be in flight then. Do not nest: the inner
 * call may wait for what the outer one holds.
 */
export function withBuffer<T>(use: Use<T>): Promise<T> {
  return buffers.use(use);
}

/** Lends 128 KiB, for small files. */
export function withSmallBuffer<T>(use: Use<T>): Promise<T> {
  return smallBuffers.use(use);
}

/** The same without waiting; undefined: none is free. Give it back with `releaseSmallBuffer`. */
export function takeSmallBuffer(): Buffer | undefined {
  return smallBuffers.take();
}

export function releaseSmallBuffer(buffer: Buffer): void {
  smallBuffers.release(buffer);
}

type UsePair<T> = (first: Buffer, second: Buffer) => Promise<T>;

/** Lends two buffers of 1 MiB, a huge page together. */
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
