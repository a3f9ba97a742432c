/** Counts a file's bytes as they move, for the progress bar, and takes them back if the copy fails. */
import type { CopyPace } from '../../../filesystem/copy/copy-range.ts';
import type { Pacer } from '../../../flow/pacer.ts';
import { throwIfStopped } from '../../../flow/stop-flag.ts';
import type { TransferContext } from '../../../engine/context/worker-context.ts';

const SMALLEST_STEP_BYTES = 64 * 1024;

export class TransferCount {
  readonly #context: TransferContext;
  /** Undefined: there is no bandwidth limit, and there never will be. */
  readonly pace: CopyPace | undefined;
  #countedBytes: number;

  /** @param countedBytes bytes of the file that other workers have counted */
  constructor(context: TransferContext, countedBytes = 0) {
    this.#context = context;
    const { bandwidth } = context.syncing;
    this.pace = bandwidth === undefined ? undefined : new BandwidthPace(context, bandwidth);
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

  /** Holes count as transferred, although no bytes move. */
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
  readonly #context: Pick<TransferContext, 'stop'>;
  readonly #pacer: Pacer;
  #unusedBytes = 0;

  constructor(context: Pick<TransferContext, 'stop'>, pacer: Pacer) {
    this.#context = context;
    this.#pacer = pacer;
  }

  /** About a tenth of a second's worth, so that neither the progress bar nor a signal waits long. */
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
