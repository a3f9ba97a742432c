/** The manifest and, with SHA-256, the file for sha256sum(1) beside it: both get their names, or neither does. */
import type { DigestName } from '../model/settings.ts';
import type { VerifiedEntry } from '../model/verified-entry.ts';
import { checksumLine, manifestLine } from './format/manifest-line.ts';
import { WholeFile } from './whole-file.ts';

export class ManifestFiles {
  readonly #digest: DigestName;
  readonly #lines: WholeFile;
  readonly #checksums: WholeFile | undefined;

  /** @param file latin1 @throws where one of them cannot be written */
  constructor(file: string, digest: DigestName) {
    this.#digest = digest;
    this.#lines = new WholeFile(file, 'utf8');
    try {
      this.#checksums = digest === 'sha256' ? new WholeFile(`${file}.sha256`, 'latin1') : undefined;
    } catch (error) {
      this.#lines.discard();
      throw error;
    }
  }

  add(entry: VerifiedEntry): void {
    this.#lines.add(manifestLine(entry, this.#digest));
    if (entry.digests !== undefined) this.#checksums?.add(checksumLine(entry.path, entry.digests));
  }

  finish(): void {
    this.#checksums?.complete();
    this.#lines.complete();
    this.#checksums?.publish();
    this.#lines.publish();
  }

  discard(): void {
    try {
      this.#lines.discard();
    } finally {
      this.#checksums?.discard();
    }
  }
}
