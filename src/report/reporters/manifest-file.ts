/** `--manifest=FILE`: one line for each verified entry, written once verification has ended. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Task } from '../../model/task.ts';
import type { VerifiedEntry } from '../../model/run/verdict.ts';
import { ManifestFiles } from '../manifest/manifest-files.ts';
import { guardOutput, lossOf, type OutputTrouble, SerialWork, settleOutput } from '../output-files.ts';
import type { PartialReporter } from './command-reporter.ts';

/** @throws UsageError if it cannot be written; Interrupted, TimedOut */
export async function createManifestReporter(
  file: ByteString,
  { task, command }: { task: Task; command: 'sync' | 'verify' },
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const { digest } = task.settings;
  const files = await guardOutput('manifest', file, outputs, () => ManifestFiles.create(file, digest));
  const manifest = new Manifest(file, outputs, files);
  return {
    started: (started, provenance) =>
      files.begin({ task: started, command, provenance, startedAt: new Date() }),
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
  readonly #file: ByteString;
  readonly #outputs: OutputTrouble;
  readonly #work = new SerialWork((error) => this.#lose(error));
  /** Undefined after the files were abandoned or written. */
  #files: ManifestFiles | undefined;
  #isFlushing = false;
  /** Settles when there is room for more entries. */
  #room: Promise<void> | undefined;
  /** Why nobody waits for the files any longer. */
  #givenUp: unknown;

  constructor(file: ByteString, outputs: OutputTrouble, files: ManifestFiles) {
    this.#file = file;
    this.#outputs = outputs;
    this.#files = files;
  }

  /** Gives a promise if more is buffered than is written at once: memory must not hold all entries. */
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
    this.#outputs.warn(`${loss}; continuing without it`);
    this.#outputs.lose(loss);
    await this.#discard();
  }

  async #discard(): Promise<void> {
    const files = this.#files;
    this.#files = undefined;
    try {
      await files?.discard();
    } catch (error) {
      this.#outputs.warn(`a partial file was left behind: ${lossOf('manifest', this.#file, error)}`);
    }
  }
}
