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
  static async create(file: string, digest: DigestName): Promise<ManifestFiles> {
    const lines = await WholeFile.create(file, 'utf8');
    try {
      const hasChecksums = digest === 'sha256';
      const checksums = hasChecksums ? await WholeFile.create(`${file}.sha256`, 'latin1') : undefined;
      return new ManifestFiles(digest, lines, checksums);
    } catch (error) {
      await lines.discard();
      throw error;
    }
  }

  private constructor(digest: DigestName, lines: WholeFile, checksums: WholeFile | undefined) {
    this.#digest = digest;
    this.#lines = lines;
    this.#checksums = checksums;
  }

  /** Held until it is due. */
  add(entry: VerifiedEntry): void {
    this.#lines.add(manifestLine(entry, this.#digest));
    if (entry.digests !== undefined) this.#checksums?.add(checksumLine(entry.path, entry.digests));
  }

  get isDue(): boolean {
    return this.#lines.isDue || this.#checksums?.isDue === true;
  }

  async flush(): Promise<void> {
    await this.#checksums?.flush();
    await this.#lines.flush();
  }

  async finish(): Promise<void> {
    await this.#checksums?.complete();
    await this.#lines.complete();
    await this.#checksums?.publish();
    await this.#lines.publish();
  }

  async discard(): Promise<void> {
    try {
      await this.#lines.discard();
    } finally {
      await this.#checksums?.discard();
    }
  }
}
