/**
 * A file that gets its name only once it is complete. Until then it lies beside under a random name, which no
 * pattern such as *.prom matches. An earlier file stays until it is replaced, whatever goes wrong.
 */
import type { ByteString } from '../../model/byte-string.ts';
import {
  close as closeWithCallback,
  constants,
  fchmod as fchmodWithCallback,
  fsync as fsyncWithCallback,
  open as openWithCallback,
  promises as fs,
} from 'node:fs';
import { promisify } from 'node:util';
import { writeAll } from './pooled-io.ts';

const [closeFile, fchmod, fsync, openFile] = [
  promisify(closeWithCallback),
  promisify(fchmodWithCallback),
  promisify(fsyncWithCallback),
  promisify(openWithCallback),
];

const BUFFER_LENGTH = 256 * 1024;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const NEW_FLAGS = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;

const MODE_FOR_EVERYBODY = 0o644;

/** `everybody`: other users' programs may read it, unless the earlier file's mode excludes them. */
type Readers = 'by umask' | 'everybody';

export type TextEncoding = 'utf8' | 'latin1';

export class WholeFile {
  readonly #directoryFd: number;
  readonly #name: ByteString;
  readonly #temporary = `.${crypto.randomUUID()}.efs-sync`;
  readonly #encoding: TextEncoding;
  #descriptor: number | undefined;
  #pending = '';

  /** @param file latin1 @param encoding of the text that will be added @throws if it cannot be written */
  static async create(
    file: ByteString,
    encoding: TextEncoding,
    readers: Readers = 'by umask',
  ): Promise<WholeFile> {
    const { findReplaceable } = await import('./operator-file.ts');
    const { directoryFd, name, mode } = await findReplaceable(file);
    const whole = new WholeFile(directoryFd, name, encoding);
    try {
      whole.#descriptor = await openFile(whole.#path(whole.#temporary), NEW_FLAGS, mode);
      if (readers === 'everybody') await fchmod(whole.#descriptor, mode & MODE_FOR_EVERYBODY);
      return whole;
    } catch (error) {
      if (whole.#descriptor === undefined) await closeFile(directoryFd);
      else await whole.discard();
      throw error;
    }
  }

  private constructor(directoryFd: number, name: ByteString, encoding: TextEncoding) {
    this.#directoryFd = directoryFd;
    this.#name = name;
    this.#encoding = encoding;
  }

  /** Buffers the text until there is enough for a write. */
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

  /** Puts everything on the disk; add nothing after it. NFS: write errors surface here at the latest. */
  async complete(): Promise<void> {
    await this.flush();
    if (this.#descriptor !== undefined) await fsync(this.#descriptor);
    await this.#close();
  }

  async publish(): Promise<void> {
    await fs.rename(this.#path(this.#temporary), this.#path(this.#name));
    await closeFile(this.#directoryFd);
  }

  /** Leaves an earlier file as it was. */
  async discard(): Promise<void> {
    try {
      await fs.rm(this.#path(this.#temporary), { force: true });
    } finally {
      await this.#close();
      await closeFile(this.#directoryFd);
    }
  }

  /** A path in the directory found at the start, whatever has that directory's name by now. */
  #path(name: ByteString): Buffer {
    return Buffer.from(`/proc/self/fd/${this.#directoryFd}/${name}`, 'latin1');
  }

  async #close(): Promise<void> {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) await closeFile(descriptor);
  }
}

/** Replaces all of it atomically, or leaves the earlier file. @throws if it cannot be written */
export async function replaceFile(file: ByteString, text: string, readers?: Readers): Promise<void> {
  const whole = await WholeFile.create(file, 'utf8', readers);
  try {
    whole.add(text);
    await whole.complete();
    await whole.publish();
  } catch (error) {
    await whole.discard();
    throw error;
  }
}

/** Tries whether the file can be replaced. @throws if it cannot be written */
export async function tryToReplace(file: ByteString): Promise<void> {
  const whole = await WholeFile.create(file, 'utf8');
  await whole.discard();
}
