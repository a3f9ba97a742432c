/** What Preparing noted of the source, as far as Verifying asks for it. */
import { lastName, parentPath } from '../../filesystem/root.ts';
import { nameHash } from '../../policy/fingerprint.ts';
import { A_DIRECTORY, readFingerprints, type WantedNames } from '../preparing/fingerprints.ts';

export interface NotedName {
  readonly directoryPath: string;
  readonly name: string;
}

/** In one pass. Nothing is noted, and nothing read, of what nobody asks for. */
export function readNoted(fingerprintFds: readonly number[], names: readonly NotedName[]): Noted {
  const wanted = new Map<string, Set<number>>();
  for (const name of names) want(wanted, name);
  return new Noted(wanted.size === 0 ? [] : fingerprintFds, wanted);
}

/** With each directory above it, as one that was not listed may not have been there. */
function want(wanted: Map<string, Set<number>>, { directoryPath, name }: NotedName): void {
  const known = wanted.get(directoryPath);
  if (known !== undefined) {
    known.add(nameHash(name));
    return;
  }
  wanted.set(directoryPath, new Set([nameHash(name)]));
  if (directoryPath !== '') want(wanted, placeOf(directoryPath));
}

function placeOf(path: string): NotedName {
  return { directoryPath: parentPath(path), name: lastName(path) };
}

type StatesByName = ReadonlyMap<number, readonly number[]>;

/** A directory is noted again for a name that it was planned without. */
function merged(known: StatesByName | undefined, more: StatesByName): StatesByName {
  if (known === undefined) return more;
  const all = new Map(known);
  for (const [name, states] of more) all.set(name, [...(all.get(name) ?? []), ...states]);
  return all;
}

export class Noted {
  readonly #byDirectory: ReadonlyMap<string, StatesByName>;

  constructor(fingerprintFds: readonly number[], wanted: WantedNames) {
    const byDirectory = new Map<string, StatesByName>();
    for (const { path, statesByName } of readFingerprints(fingerprintFds, wanted)) {
      byDirectory.set(path, merged(byDirectory.get(path), statesByName));
    }
    this.#byDirectory = byDirectory;
  }

  /** None: the name was not there. Undefined: its directory was, and nobody could list it. */
  statesOf({ directoryPath, name }: NotedName): readonly number[] | undefined {
    const states = this.#byDirectory.get(directoryPath);
    if (states !== undefined) return states.get(nameHash(name)) ?? [];
    return this.#wasDirectory(directoryPath) ? undefined : [];
  }

  #wasDirectory(path: string): boolean {
    if (path === '' || this.#byDirectory.has(path)) return true;
    const states = this.statesOf(placeOf(path));
    return states === undefined || states.includes(A_DIRECTORY);
  }
}
