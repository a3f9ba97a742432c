/**
 * A file written bit by bit that has its name only once it is whole. Until then it lies beside, under a name that
 * nobody can guess and that no name ending in .prom or the like matches: what was there before stays until it is
 * replaced, whatever goes wrong.
 */
import { close as closeWithCallback, constants, fsync as fsyncWithCallback, promises as fs } from 'node:fs';
import { open as openWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { writeAll } from './write-all.ts';

const [closeFile, fsync, openFile] = [
  promisify(closeWithCallback),
  promisify(fsyncWithCallback),
  promisify(openWithCallback),
];

const BUFFER_LENGTH = 256 * 1024;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const NEW_FLAGS = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;

export type TextEncoding = 'utf8' | 'latin1';

export class WholeFile {
  readonly #directoryFd: number;
  readonly #name: string;
  readonly #temporary = `.${crypto.randomUUID()}.efs-sync`;
  readonly #encoding: TextEncoding;
  #descriptor: number | undefined;
  #pending = '';

  /** @param file latin1 @param encoding of the text that will be added @throws where it cannot be written */
  static async create(file: string, encoding: TextEncoding): Promise<WholeFile> {
    const { findReplaceable } = await import('../sync.ts');
    const { directoryFd, name, mode } = await findReplaceable(file);
    const whole = new WholeFile(directoryFd, name, encoding);
    try {
      whole.#descriptor = await openFile(whole.#path(whole.#temporary), NEW_FLAGS, mode);
      return whole;
    } catch (error) {
      await closeFile(directoryFd);
      throw error;
    }
  }

  private constructor(directoryFd: number, name: string, encoding: TextEncoding) {
    this.#directoryFd = directoryFd;
    this.#name = name;
    this.#encoding = encoding;
  }

  /** Held until there is enough for a write. */
  add(text: string): void {
    this.#pending += text;
  }

  get isDue(): boolean {
    return this.#pending.length >= BUFFER_LENGTH;
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (this.#descriptor === undefined) return;
    await writeAll(this.#descriptor, Buffer.from(text, this.#encoding));
  }

  /** Nothing more will be added, and all is on the disk. NFS tells of what it could not write by then. */
  async complete(): Promise<void> {
    await this.flush();
    if (this.#descriptor !== undefined) await fsync(this.#descriptor);
    await this.#close();
  }

  async publish(): Promise<void> {
    await fs.rename(this.#path(this.#temporary), this.#path(this.#name));
    await closeFile(this.#directoryFd);
  }

  /** What the name stands for stays as it was. */
  async discard(): Promise<void> {
    try {
      await fs.rm(this.#path(this.#temporary), { force: true });
    } finally {
      await this.#close();
      await closeFile(this.#directoryFd);
    }
  }

  /** In the directory that was found at the start, whatever has its name by now. */
  #path(name: string): Buffer {
    return Buffer.from(`/proc/self/fd/${this.#directoryFd}/${name}`, 'latin1');
  }

  async #close(): Promise<void> {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) await closeFile(descriptor);
  }
}

/** All of it at once, or what was there before. @throws where it cannot be written */
export async function replaceFile(file: string, text: string): Promise<void> {
  const whole = await WholeFile.create(file, 'utf8');
  try {
    whole.add(text);
    await whole.complete();
    await whole.publish();
  } catch (error) {
    await whole.discard();
    throw error;
  }
}

/** Whether it could be, tried. @throws where it cannot be written */
export async function tryToReplace(file: string): Promise<void> {
  const whole = await WholeFile.create(file, 'utf8');
  await whole.discard();
}
