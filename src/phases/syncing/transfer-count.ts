/** Counts a file's bytes as they move, for the progress bar, and takes them back when they were in vain. */
import type { CopyPace } from '../../filesystem/copy-pace.ts';
import type { Pacer } from '../../flow/pacer.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import type { WorkerContext } from '../worker-context.ts';

const SMALLEST_STEP_BYTES = 64 * 1024;

export class TransferCount {
  readonly #context: WorkerContext;
  /** Undefined: there is no bandwidth limit, and will be none. */
  readonly pace: CopyPace | undefined;
  #countedBytes: number;

  /** @param countedBytes what other workers have counted of the file */
  constructor(context: WorkerContext, countedBytes = 0) {
    this.#context = context;
    this.pace = context.bandwidth === undefined ? undefined : new BandwidthPace(context, context.bandwidth);
    this.#countedBytes = countedBytes;
  }

  get countedBytes(): number {
    return this.#countedBytes;
  }

  /** @throws Interrupted */
  add(bytes: number): void {
    throwIfStopped(this.#context);
    this.#countedBytes += bytes;
    this.#context.counters.add('bytesTransferred', bytes);
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

class BandwidthPace implements CopyPace {
  readonly #context: WorkerContext;
  readonly #pacer: Pacer;
  #unusedBytes = 0;

  constructor(context: WorkerContext, pacer: Pacer) {
    this.#context = context;
    this.#pacer = pacer;
  }

  /** About a tenth of a second's worth, so that neither the bar nor a signal waits for long. */
  get stepBytes(): number {
    const { perSec } = this.#pacer;
    return perSec === 0 ? Infinity : Math.max(SMALLEST_STEP_BYTES, Math.floor(perSec / 10));
  }

  /** @throws Interrupted */
  async admit(bytes: number): Promise<void> {
    const unused = Math.min(bytes, this.#unusedBytes);
    this.#unusedBytes -= unused;
    await this.#pacer.pass(bytes - unused);
    throwIfStopped(this.#context);
  }

  takeBack(bytes: number): void {
    this.#unusedBytes += bytes;
  }
}
