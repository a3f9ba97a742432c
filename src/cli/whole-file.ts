/** A file written bit by bit that has its name only once it is whole: until then it is FILE.PID. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

const BUFFER_LENGTH = 256 * 1024;

export class WholeFile {
  readonly #file: Buffer;
  readonly #temporary: Buffer;
  readonly #encoding: 'utf8' | 'latin1';
  #descriptor: number | undefined;
  #pending = '';

  /** @param file latin1 @param encoding of the text that will be added @throws where it cannot be written */
  constructor(file: string, encoding: 'utf8' | 'latin1') {
    this.#file = Buffer.from(file, 'latin1');
    this.#temporary = Buffer.from(`${file}.${process.pid}`, 'latin1');
    this.#encoding = encoding;
    // To take the name of a pipe or a device away from it is not what is meant by writing there.
    if (statSync(this.#file, { throwIfNoEntry: false })?.isFile() === false) {
      throw new Error('Not a regular file');
    }
    // Of a run that was killed.
    rmSync(this.#temporary, { force: true });
    this.#descriptor = openSync(this.#temporary, 'wx');
  }

  add(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= BUFFER_LENGTH) this.#flush();
  }

  /** Nothing more will be added, and all is on the disk. */
  complete(): void {
    this.#flush();
    if (this.#descriptor !== undefined) fsyncSync(this.#descriptor);
    this.#close();
  }

  publish(): void {
    renameSync(this.#temporary, this.#file);
  }

  /** What the name stands for stays as it was. */
  discard(): void {
    rmSync(this.#temporary, { force: true });
    this.#close();
  }

  #flush(): void {
    if (this.#descriptor === undefined) return;
    // Goes on after a short write, which writeSync would leave to the caller.
    writeFileSync(this.#descriptor, this.#pending, this.#encoding);
    this.#pending = '';
  }

  #close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
