/** Counts a file's bytes as they move, for the progress bar, and takes them back when they were in vain. */
import { Interrupted } from '../../errors.ts';
import type { Awaitable } from '../../filesystem/linux/call-table.ts';
import type { WorkerContext } from '../worker-context.ts';

export class TransferCount {
  readonly #context: WorkerContext;
  #countedBytes = 0;

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  /** @throws Interrupted */
  add(bytes: number): Awaitable<void> {
    if (this.#context.stop.isRaised) throw new Interrupted('interrupted');
    this.#countedBytes += bytes;
    this.#context.counters.add('bytesTransferred', bytes);
    return this.#context.pacer?.pass(bytes);
  }

  addWritten(bytes: number): void {
    this.#context.counters.add('bytesWritten', bytes);
  }

  /** Holes are transferred without a byte being moved. */
  settle(sizeBytes: number): void {
    this.#context.counters.add('bytesTransferred', sizeBytes - this.#countedBytes);
    this.#countedBytes = sizeBytes;
  }

  takeBack(): void {
    this.#context.counters.add('bytesTransferred', -this.#countedBytes);
    this.#countedBytes = 0;
  }
}
