/** Spools eight bytes an entry, so that Verifying can tell a source that changed from a copy that is wrong. */
import { readSpool, spoolLength } from '../../filesystem/spool.ts';
import type { Entry } from '../../model/entry.ts';
import { nameHash, stateHash } from '../../policy/fingerprint.ts';
import { BinaryReader, BinaryWriter } from '../plan/binary.ts';
import type { WorkerContext } from '../worker-context.ts';

/** Under which a directory's own state is noted, beside those of its entries. */
export const OWN_NAME = '.';

/** Before a record and before its text. */
const LENGTH_BYTES = 4;
const HASH_BYTES = 4;

export class Fingerprints {
  readonly #context: WorkerContext;
  readonly #path: string;
  readonly #hashes: number[] = [];
  readonly #isWanted: boolean;

  constructor(context: WorkerContext, path: string) {
    this.#context = context;
    this.#path = path;
    this.#isWanted = context.settings.verify === 'full' && context.setup.mayWrite;
  }

  add(name: string, entry: Entry): void {
    if (this.#isWanted) this.#hashes.push(nameHash(name), stateHash(entry));
  }

  /** For directories: each notes its own state when it is listed. */
  addName(name: string): void {
    if (this.#isWanted) this.#hashes.push(nameHash(name), 0);
  }

  end(): void {
    if (!this.#isWanted) return;
    const writer = new BinaryWriter();
    writer.u32(LENGTH_BYTES + this.#path.length + this.#hashes.length * HASH_BYTES);
    writer.text(this.#path);
    for (const hash of this.#hashes) writer.u32(hash);
    this.#context.fingerprints.append(writer.bytes());
  }
}

export interface DirectoryFingerprints {
  readonly path: string;
  /**
   * State 0: a directory, whose state is noted in its own fingerprints. Several states where names share
   * their hash, as about two of 100,000 do.
   */
  readonly statesByName: ReadonlyMap<number, readonly number[]>;
}

/** All that the workers noted, a directory at a time. */
export function* readAllFingerprints(spoolFds: readonly number[]): Iterable<DirectoryFingerprints> {
  for (const fd of spoolFds) {
    const size = spoolLength(fd);
    for (let offset = 0; offset < size;) {
      const lengthBytes = readSpool(fd, offset, LENGTH_BYTES).readUInt32LE();
      yield readFingerprints(new BinaryReader(readSpool(fd, offset + LENGTH_BYTES, lengthBytes)));
      offset += LENGTH_BYTES + lengthBytes;
    }
  }
}

function readFingerprints(reader: BinaryReader): DirectoryFingerprints {
  const path = reader.text();
  const statesByName = new Map<number, number[]>();
  while (!reader.isAtEnd) {
    const [name, state] = [reader.u32(), reader.u32()];
    statesByName.set(name, [...(statesByName.get(name) ?? []), state]);
  }
  return { path, statesByName };
}
