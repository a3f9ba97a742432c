/** Counts a file's bytes as they move, for the progress bar, and takes them back when they were in vain. */
import { Interrupted } from '../../errors.ts';
import { LARGEST_STEP_BYTES } from '../../filesystem/copy-range.ts';
import type { WorkerContext } from '../worker-context.ts';

const SMALLEST_STEP_BYTES = 64 * 1024;

export class TransferCount {
  readonly #context: WorkerContext;
  #countedBytes: number;

  /** @param countedBytes what other workers have counted of the file */
  constructor(context: WorkerContext, countedBytes = 0) {
    this.#context = context;
    this.#countedBytes = countedBytes;
  }

  get countedBytes(): number {
    return this.#countedBytes;
  }

  /** With a bandwidth limit: about a tenth of a second's worth, so that the bar and a signal need not wait. */
  get stepBytes(): number {
    const { bandwidthBytesPerSec } = this.#context.settings;
    if (bandwidthBytesPerSec === 0) return LARGEST_STEP_BYTES;
    return Math.min(LARGEST_STEP_BYTES, Math.max(SMALLEST_STEP_BYTES, Math.floor(bandwidthBytesPerSec / 10)));
  }

  /** @throws Interrupted */
  async add(bytes: number): Promise<void> {
    if (this.#context.stop.isRaised) throw new Interrupted('interrupted');
    this.#countedBytes += bytes;
    this.#context.counters.add('bytesTransferred', bytes);
    await this.#pace(bytes);
  }

  async #pace(bytes: number): Promise<void> {
    const { pacer, stop, heartbeat } = this.#context;
    if (pacer === undefined) return;
    await pacer.pass(bytes, () => {
      heartbeat.beat();
      return stop.isRaised;
    });
    if (stop.isRaised) throw new Interrupted('interrupted');
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
