/** The manifest and, with SHA-256, a file for sha256sum(1) beside it: both get their names, or neither. */
import type { ByteString } from '../../model/byte-string.ts';
import type { DigestName } from '../../model/settings.ts';
import type { ContentDigests, VerifiedEntry } from '../../model/run/verdict.ts';
import { WholeFile } from '../../filesystem/operator-files/whole-file.ts';
import type { Provenance } from '../../model/run/provenance.ts';
import type { Task } from '../../model/task.ts';
import { utf8Bytes } from '../../model/display-name.ts';
import { dateText, mountedLine, originLine, type RunSubject } from '../text/facts.ts';
import { packageVersion } from '../version.ts';
import {
  type JsonObject,
  jsonText,
  nameToJson,
  provenanceToJson,
  settingsToJson,
} from '../json/json-parts.ts';
import { taskToJson } from '../json/to-json.ts';
import { isDirectory, kindOf, type Entry } from '../../model/entry.ts';

export class ManifestFiles {
  readonly #digest: DigestName;
  readonly #lines: WholeFile;
  readonly #checksums: WholeFile | undefined;

  /** @param file latin1 @throws if one of them cannot be written */
  static async create(file: ByteString, digest: DigestName): Promise<ManifestFiles> {
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

  /** Writes the head, which describes the following lines. */
  begin(subject: ManifestSubject): void {
    this.#lines.add(manifestHead(subject));
    this.#checksums?.add(checksumHead(subject));
  }

  /** Keeps the entry until it is written. */
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

interface ManifestSubject extends Pick<RunSubject, 'command' | 'startedAt'> {
  readonly task: Task;
  readonly provenance: Provenance;
}

/** The first line of a manifest: the only one with an `event`, and without a `path`. */
function manifestHead({ task, command, provenance, startedAt }: ManifestSubject): string {
  return `${jsonText({
    event: 'manifest',
    version: packageVersion(),
    command,
    ...taskToJson(task),
    ...provenanceToJson(provenance),
    settings: settingsToJson(task.settings),
    startedAt: startedAt.toISOString(),
  })}\n`;
}

/**
 * The comment at the head of the file for sha256sum(1), which ignores it. Latin1, like the lines after it.
 */
function checksumHead({ task, command, provenance, startedAt }: ManifestSubject): string {
  const { roots } = provenance;
  const lines = [
    originLine(provenance),
    `${command} started ${dateText(startedAt)}`,
    mountedLine('source', task.source, roots.source),
    mountedLine('destination', task.destination, roots.destination),
  ];
  return lines.map((line) => `# ${utf8Bytes(line)}\n`).join('');
}

const NSEC_PER_SEC = 1_000_000_000n;
const MINOR_COUNT = 2 ** 32;

/** A line of `--manifest`: the manual's MANIFEST is the contract. */
function manifestLine(
  { path, verdict, entry, digests, target }: VerifiedEntry,
  algorithm: DigestName,
): string {
  return `${jsonText({
    ...nameToJson('path', path),
    ...(entry && metadataToJson(entry)),
    ...(target !== undefined && nameToJson('target', target)),
    ...(digests && digestsToJson(digests, algorithm)),
    verdict,
  })}\n`;
}

function metadataToJson(entry: Entry): JsonObject {
  const kind = kindOf(entry.mode);
  return {
    type: kind,
    size: entry.sizeBytes,
    // A string, as the number is too large for JSON readers that know only floating point.
    mtimeNs: String(BigInt(entry.mtimeSec) * NSEC_PER_SEC + BigInt(entry.mtimeNsec)),
    mode: (entry.mode & 0o7777).toString(8).padStart(4, '0'),
    uid: entry.uid,
    gid: entry.gid,
    ...(kind.endsWith('device') && { deviceNumber: deviceText(entry.specialDevice) }),
    ...(entry.linkCount > 1 && !isDirectory(entry) && { linkGroup: linkGroupOf(entry) }),
  };
}

/** The same for all names of one inode. */
function linkGroupOf({ device, inode }: Entry): string {
  return `${deviceText(device)}:${inode}`;
}

function deviceText(device: number): string {
  return `${Math.floor(device / MINOR_COUNT)}:${device % MINOR_COUNT}`;
}

function digestsToJson({ source, destination }: ContentDigests, algorithm: DigestName): JsonObject {
  const named = { digestAlgorithm: algorithm };
  if (source === destination) return { ...named, digest: source };
  return { ...named, sourceDigest: source, destinationDigest: destination };
}

/** Latin1. Has the digest of the source's content, so that the check fails for a wrong copy. */
function checksumLine(path: ByteString, { source }: ContentDigests): string {
  const escaped = path.replaceAll(/[\\\n\r]/g, (character) => ESCAPES[character] as string);
  // A lone hyphen would mean standard input.
  const name = escaped === '-' ? './-' : escaped;
  return `${escaped === path ? '' : '\\'}${source}  ${name}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
