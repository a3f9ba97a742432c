/** A file that lines are appended to, each whole, and that can be opened anew once it was renamed. */
import { close as closeWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { displayName } from '../model/display-name.ts';
import { reasonOf } from './error-reason.ts';
import { guardOutput, lossOf, settleOutput, type OutputTrouble } from './output-files.ts';
import { SerialWork } from './serial-work.ts';
import { writeAll } from './write-all.ts';

const closeFile = promisify(closeWithCallback);

/** What a file system that is behind, or dead, may leave in memory. */
const MOST_PENDING_LENGTH = 64 * 1024 * 1024;

interface Named {
  /** The option, by its long name. */
  readonly option: string;
  /** latin1 */
  readonly file: string;
}

export class AppendFile {
  readonly #named: Named;
  readonly #trouble: OutputTrouble;
  readonly #work = new SerialWork((error) => this.#lose(error));
  #descriptor: number;
  #pending = '';
  #isBroken = false;

  /** @throws UsageError where it cannot be opened; Interrupted, TimedOut */
  static async open(named: Named, trouble: OutputTrouble): Promise<AppendFile> {
    const { openToAppend } = await import('../sync.ts');
    const { option, file } = named;
    const descriptor = await guardOutput(option, file, trouble, () => openToAppend(file));
    return new AppendFile(named, trouble, descriptor);
  }

  private constructor(named: Named, trouble: OutputTrouble, descriptor: number) {
    this.#named = named;
    this.#trouble = trouble;
    this.#descriptor = descriptor;
  }

  /** Returns at once: a file system that hangs holds up no run. */
  append(text: string): void {
    if (this.#isBroken) return;
    if (this.#pending.length + text.length > MOST_PENDING_LENGTH) {
      this.#lose(new Error('Its file system takes nothing more'));
      return;
    }
    // What comes while a write is under way goes with the next one.
    if (this.#pending === '') this.#work.next(() => this.#flush());
    this.#pending += text;
  }

  reopen(): void {
    this.#work.next(() => this.#reopen());
  }

  /** All is written. @throws Interrupted, TimedOut */
  async close(): Promise<void> {
    this.#work.next(() => closeFile(this.#descriptor));
    const { option, file } = this.#named;
    await settleOutput(option, file, this.#trouble, this.#work.done);
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '' && !this.#isBroken) await writeAll(this.#descriptor, Buffer.from(text));
  }

  async #reopen(): Promise<void> {
    await this.#flush();
    const { option, file } = this.#named;
    const { openToAppend } = await import('../sync.ts');
    const before = this.#descriptor;
    try {
      this.#descriptor = await openToAppend(file);
    } catch (error) {
      const what = `cannot open --${option}=${displayName(file)} anew: ${reasonOf(error)}`;
      this.#trouble.warn(`${what}; going on with the file it was`);
      return;
    }
    this.#isBroken = false;
    await closeFile(before);
  }

  #lose(error: unknown): void {
    const loss = lossOf(this.#named.option, this.#named.file, error);
    if (!this.#isBroken) this.#trouble.warn(`${loss}; going on without it`);
    this.#isBroken = true;
    this.#trouble.lose(loss);
  }
}
