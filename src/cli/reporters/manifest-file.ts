/** `--manifest=FILE`: a line for everything that was verified, written once verification has ended. */
import type { Task } from '../../model/task.ts';
import type { VerifiedEntry } from '../../model/verified-entry.ts';
import { ManifestFiles } from '../manifest-files.ts';
import { guardOutput, lossOf, settleOutput, type OutputTrouble } from '../output-files.ts';
import { SerialWork } from '../serial-work.ts';
import type { PartialReporter } from './command-reporter.ts';

/** @throws UsageError where it cannot be written; Interrupted, TimedOut */
export async function createManifestReporter(
  file: string,
  task: Task,
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const { digest } = task.settings;
  const files = await guardOutput('manifest', file, outputs, () => ManifestFiles.create(file, digest));
  const manifest = new Manifest(file, outputs, files);
  return {
    verified: (entry) => manifest.add(entry),
    finished({ outcome, phases }) {
      const wasVerified =
        phases.some(({ phase }) => phase === 'verifying') && outcome.status !== 'Interrupted';
      if (wasVerified) manifest.finish();
      else manifest.discard();
    },
    failed: () => manifest.discard(),
    closed: () => manifest.close(),
  };
}

class Manifest {
  readonly #file: string;
  readonly #outputs: OutputTrouble;
  readonly #work = new SerialWork((error) => this.#lose(error));
  /** Undefined: given up, or written. */
  #files: ManifestFiles | undefined;
  #isFlushing = false;
  /** Until there is room for more. */
  #room: Promise<void> | undefined;
  /** Why nobody waits for it any longer. */
  #givenUp: unknown;

  constructor(file: string, outputs: OutputTrouble, files: ManifestFiles) {
    this.#file = file;
    this.#outputs = outputs;
    this.#files = files;
  }

  /** Where more is held than is written at once, until that is written: memory is not to hold all of it. */
  add(entry: VerifiedEntry): Promise<void> | undefined {
    this.#files?.add(entry);
    if (this.#files?.isDue !== true) return undefined;
    if (!this.#isFlushing) this.#work.next(() => this.#flush());
    this.#isFlushing = true;
    return (this.#room ??= this.#waitForRoom());
  }

  finish(): void {
    this.#work.next(async () => {
      await this.#files?.finish();
      this.#files = undefined;
    });
  }

  discard(): void {
    this.#work.next(() => this.#discard());
  }

  /** @throws Interrupted, TimedOut */
  async close(): Promise<void> {
    if (this.#givenUp !== undefined) throw this.#givenUp as Error;
    await settleOutput('manifest', this.#file, this.#outputs, this.#work.done);
  }

  async #flush(): Promise<void> {
    this.#isFlushing = false;
    await this.#files?.flush();
  }

  async #waitForRoom(): Promise<void> {
    try {
      await settleOutput('manifest', this.#file, this.#outputs, this.#work.done);
    } catch (error) {
      this.#givenUp = error;
      this.#files = undefined;
    } finally {
      this.#room = undefined;
    }
  }

  async #lose(error: unknown): Promise<void> {
    const loss = lossOf('manifest', this.#file, error);
    this.#outputs.warn(`${loss}; going on without it`);
    this.#outputs.lose(loss);
    await this.#discard();
  }

  async #discard(): Promise<void> {
    const files = this.#files;
    this.#files = undefined;
    try {
      await files?.discard();
    } catch (error) {
      this.#outputs.warn(`a part of it is left: ${lossOf('manifest', this.#file, error)}`);
    }
  }
}
