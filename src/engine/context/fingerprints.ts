/** Spools eight bytes per entry, so that Verifying can tell a changed source from a wrong copy. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Spool } from '../../filesystem/spool.ts';
import type { Entry } from '../../model/entry.ts';
import { LEAST_STATE, nameHash, stateHash } from '../../policy/compare/fingerprint.ts';
import { type BinaryReader, BinaryWriter, LENGTH_BYTES, recordsIn } from '../plan/binary.ts';
import type { WorkerContext } from './worker-context.ts';

/** The name of a directory's own state among those of its entries. */
export const OWN_NAME = '.';

/** The state that stands for a directory's name; its own state is noted when it is listed. */
export const A_DIRECTORY = 0;

/** The state that marks an entry which the options leave alone; its own state is noted too. */
const LEFT_ALONE = 1;

/** Whether the state is that of an entry itself, and no mark. */
export function isOfEntry(state: number): boolean {
  return state >= LEAST_STATE;
}

type FingerprintContext = Pick<WorkerContext, 'settings' | 'setup' | 'fingerprints'>;

export class Fingerprints {
  readonly #context: FingerprintContext;
  /** Undefined if nobody will read them. */
  readonly #writer: BinaryWriter | undefined;

  constructor(context: FingerprintContext, path: ByteString) {
    this.#context = context;
    if (context.settings.verify !== 'full' || !context.setup.mayWrite) return;
    this.#writer = new BinaryWriter();
    this.#writer.u32(0);
    this.#writer.text(path);
  }

  add(name: ByteString, entry: Entry): void {
    if (this.#writer === undefined) return;
    this.#writer.u32(nameHash(name));
    this.#writer.u32(stateHash(entry));
  }

  addDirectory(name: ByteString): void {
    if (this.#writer === undefined) return;
    this.#writer.u32(nameHash(name));
    this.#writer.u32(A_DIRECTORY);
  }

  /** Verifying does not judge this entry, or with `--size-only` not its content. */
  addLeft(name: ByteString): void {
    if (this.#writer === undefined) return;
    this.#writer.u32(nameHash(name));
    this.#writer.u32(LEFT_ALONE);
  }

  end(): void {
    if (this.#writer === undefined) return;
    this.#writer.setU32(0, this.#writer.length - LENGTH_BYTES);
    this.#context.fingerprints.append(this.#writer.bytes());
  }
}

export interface DirectoryFingerprints {
  readonly path: ByteString;
  /** Several states if names share their hash, as about two of 100,000 do. */
  readonly statesByName: ReadonlyMap<number, readonly number[]>;
}

/** Entries that were left alone, as directory and hash of the name. */
export function* readLeft(spool: Spool): Iterable<{ path: ByteString; name: number }> {
  for (const reader of recordsIn(spool)) {
    const path = reader.text();
    while (!reader.isAtEnd) {
      const [name, state] = [reader.u32(), reader.u32()];
      if (state === LEFT_ALONE) yield { path, name };
    }
  }
}

/** Hashes of names, by directory. */
export type WantedNames = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * Gives the workers' notes about these directories and names. It skips other names, as few of perhaps a
 * million are wanted.
 */
export function* readFingerprints(spool: Spool, wanted: WantedNames): Iterable<DirectoryFingerprints> {
  for (const reader of recordsIn(spool)) {
    const path = reader.text();
    const names = wanted.get(path);
    if (names !== undefined) yield { path, statesByName: readStates(reader, names) };
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
