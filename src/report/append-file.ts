/** A file to which whole lines are appended. It can be reopened after a rename. */
import type { ByteString } from '../model/byte-string.ts';
import { close as closeWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { displayName } from '../model/display-name.ts';
import { reasonOf } from './error-reason.ts';
import { guardOutput, lossOf, type OutputTrouble, SerialWork, settleOutput } from './output-files.ts';
import { writeAll } from '../filesystem/operator-files/pooled-io.ts';

const closeFile = promisify(closeWithCallback);

/** Most text kept in memory for a file system that is slow or dead. */
const MOST_PENDING_LENGTH = 64 * 1024 * 1024;

interface Named {
  /** The option's long name. */
  readonly option: string;
  /** latin1 */
  readonly file: ByteString;
}

export class AppendFile {
  readonly #named: Named;
  readonly #trouble: OutputTrouble;
  readonly #work = new SerialWork((error) => this.#lose(error));
  #descriptor: number;
  #pending = '';
  #isBroken = false;

  /** @throws UsageError if it cannot be opened; Interrupted, TimedOut */
  static async open(named: Named, trouble: OutputTrouble): Promise<AppendFile> {
    const { openToAppend } = await import('../filesystem/operator-files/operator-file.ts');
    const { option, file } = named;
    const descriptor = await guardOutput(option, file, trouble, () => openToAppend(file));
    return new AppendFile(named, trouble, descriptor);
  }

  private constructor(named: Named, trouble: OutputTrouble, descriptor: number) {
    this.#named = named;
    this.#trouble = trouble;
    this.#descriptor = descriptor;
  }

  /** Returns at once: a hanging file system must not delay the run. */
  append(text: string): void {
    if (this.#isBroken) return;
    if (this.#pending.length + text.length > MOST_PENDING_LENGTH) {
      this.#lose(new Error('Its file system accepts no more data'));
      return;
    }
    // Text that arrives during a write goes with the next one.
    if (this.#pending === '') this.#work.next(() => this.#flush());
    this.#pending += text;
  }

  reopen(): void {
    this.#work.next(() => this.#reopen());
  }

  /** Waits until everything is written. @throws Interrupted, TimedOut */
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
    const { openToAppend } = await import('../filesystem/operator-files/operator-file.ts');
    const before = this.#descriptor;
    try {
      this.#descriptor = await openToAppend(file);
    } catch (error) {
      const what = `cannot reopen --${option}=${displayName(file)}: ${reasonOf(error)}`;
      this.#trouble.warn(`${what}; still writing to the old file`);
      return;
    }
    this.#isBroken = false;
    await closeFile(before);
  }

  #lose(error: unknown): void {
    const loss = lossOf(this.#named.option, this.#named.file, error);
    if (!this.#isBroken) this.#trouble.warn(`${loss}; continuing without it`);
    this.#isBroken = true;
    this.#trouble.lose(loss);
  }
}
