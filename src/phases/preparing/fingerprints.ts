/** Spools eight bytes an entry, so that Verifying can tell a source that changed from a copy that is wrong. */
import { readSpool, spoolLength } from '../../filesystem/spool.ts';
import type { Entry } from '../../model/entry.ts';
import { nameHash, stateHash } from '../../policy/fingerprint.ts';
import { BinaryReader, BinaryWriter } from '../plan/binary.ts';
import type { WorkerContext } from '../worker-context.ts';

/** Under which a directory's own state is noted, beside those of its entries. */
export const OWN_NAME = '.';

/** The state noted with a directory's name: its own is noted when it is listed. */
export const A_DIRECTORY = 0;

/** Before a record and before its text. */
const LENGTH_BYTES = 4;

export class Fingerprints {
  readonly #context: WorkerContext;
  /** Undefined: nobody will ask for them. */
  readonly #writer: BinaryWriter | undefined;

  constructor(context: WorkerContext, path: string) {
    this.#context = context;
    if (context.settings.verify !== 'full' || !context.setup.mayWrite) return;
    this.#writer = new BinaryWriter();
    this.#writer.u32(0);
    this.#writer.text(path);
  }

  add(name: string, entry: Entry): void {
    if (this.#writer === undefined) return;
    this.#writer.u32(nameHash(name));
    this.#writer.u32(stateHash(entry));
  }

  addDirectory(name: string): void {
    if (this.#writer === undefined) return;
    this.#writer.u32(nameHash(name));
    this.#writer.u32(A_DIRECTORY);
  }

  end(): void {
    if (this.#writer === undefined) return;
    this.#writer.setU32(0, this.#writer.length - LENGTH_BYTES);
    this.#context.fingerprints.append(this.#writer.bytes());
  }
}

export interface DirectoryFingerprints {
  readonly path: string;
  /**
   * Several where names share their hash, as about two of 100,000 do.
   */
  readonly statesByName: ReadonlyMap<number, readonly number[]>;
}

/** Hashes of names, by directory. */
export type WantedNames = ReadonlyMap<string, ReadonlySet<number>>;

/** What the workers noted of these directories and names: of a million in one, few are asked for. */
export function* readFingerprints(
  spoolFds: readonly number[],
  wanted: WantedNames,
): Iterable<DirectoryFingerprints> {
  for (const fd of spoolFds) {
    const size = spoolLength(fd);
    for (let offset = 0; offset < size;) {
      const lengthBytes = readSpool(fd, offset, LENGTH_BYTES).readUInt32LE();
      const reader = new BinaryReader(readSpool(fd, offset + LENGTH_BYTES, lengthBytes));
      const path = reader.text();
      const names = wanted.get(path);
      if (names !== undefined) yield { path, statesByName: readStates(reader, names) };
      offset += LENGTH_BYTES + lengthBytes;
    }
  }
}

function readStates(reader: BinaryReader, names: ReadonlySet<number>): Map<number, number[]> {
  const statesByName = new Map<number, number[]>();
  while (!reader.isAtEnd) {
    const [name, state] = [reader.u32(), reader.u32()];
    if (names.has(name)) statesByName.set(name, [...(statesByName.get(name) ?? []), state]);
  }
  return statesByName;
}
