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

export class Noted {
  readonly #byDirectory: ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>;

  constructor(fingerprintFds: readonly number[], wanted: WantedNames) {
    const found = [...readFingerprints(fingerprintFds, wanted)];
    this.#byDirectory = new Map(found.map(({ path, statesByName }) => [path, statesByName]));
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
