/**
 * Reads records of spools in any order, a block at a time: neighbours cost one call. PERF: of 2,000,000
 * names of hard links a record each, twice, took 5 s of calls to read, most of them next to the one before.
 */
import { readSpool, readSpoolInto, spoolLength } from './spool.ts';

const BLOCK_BYTES = 8 * 1024;
const BLOCKS = 128;

interface Block {
  fd: number;
  start: number;
  lengthBytes: number;
  readonly buffer: Buffer;
}

/** For spools that do not grow any more where they are read. */
export class SpoolBlocks {
  readonly #blocks: readonly Block[] = Array.from({ length: BLOCKS }, () => ({
    fd: -1,
    start: 0,
    lengthBytes: 0,
    buffer: Buffer.allocUnsafeSlow(BLOCK_BYTES),
  }));

  /** Valid until the next read. @throws FatalError where the spool does not hold so much */
  read(fd: number, offset: number, lengthBytes: number): Buffer {
    const number = Math.floor(offset / BLOCK_BYTES);
    const start = number * BLOCK_BYTES;
    const block = this.#blockAt(fd, start, (number + fd) % BLOCKS);
    const within = offset - start;
    // What crosses into the next block is read by itself, as is what is not there, which throws.
    if (within + lengthBytes > block.lengthBytes) return readSpool(fd, offset, lengthBytes);
    return block.buffer.subarray(within, within + lengthBytes);
  }

  #blockAt(fd: number, start: number, slot: number): Block {
    const block = this.#blocks[slot] as Block;
    if (block.fd === fd && block.start === start) return block;
    const lengthBytes = Math.max(0, Math.min(BLOCK_BYTES, spoolLength(fd) - start));
    readSpoolInto(block.buffer.subarray(0, lengthBytes), fd, start);
    return Object.assign(block, { fd, start, lengthBytes });
  }
}
