/** Turns differences into verdicts: a source that moved on since Preparing is told from a wrong copy. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Spool } from '../../filesystem/spool.ts';
import { parentPath, lastName } from '../../filesystem/root.ts';
import type { Verdict } from '../../model/run/verdict.ts';
import { judgeAgainstPrepared } from '../../policy/compare/judge.ts';
import {
  A_DIRECTORY,
  isOfEntry,
  OWN_NAME,
  readFingerprints,
  type DirectoryFingerprints,
} from '../../engine/context/fingerprints.ts';
import type { Run } from '../../engine/context/run.ts';
import type { SourceState, Suspicion } from '../../engine/messages/findings.ts';
import { isRepairable, MOST_REPAIRS } from '../../policy/repairs.ts';
import { nameHash } from '../../policy/compare/fingerprint.ts';

/** Gives all, also those that are not reported. */
export function judgeSuspicions(run: Run, suspicions: readonly Suspicion[]): Verdict[] {
  const wanted = suspicions.flatMap((suspicion) =>
    suspicion.preparedState === undefined ? sourcesOf(suspicion).map(notedNameOf) : [],
  );
  const noted = readNoted(run.spools.fingerprints, wanted);
  const verdicts = suspicions.map((suspicion) => judge(suspicion, noted));
  for (const verdict of verdicts) addVerdict(run, verdict);
  return verdicts;
}

/** A link is between two names: that either has moved on explains it. */
function sourcesOf({ verdict, isDirectory, sourceState, linkedTo }: Suspicion): SourceState[] {
  const own = { path: verdict.path, isDirectory, sourceState };
  return linkedTo === undefined ? [own] : [own, linkedTo];
}

/** Under which name, of which directory, Preparing noted its state. */
function notedNameOf({ path, isDirectory }: SourceState): NotedName {
  return isDirectory
    ? { directoryPath: path, name: OWN_NAME }
    : { directoryPath: parentPath(path), name: lastName(path) };
}

function judge(suspicion: Suspicion, noted: Noted): Verdict {
  const { verdict, preparedState } = suspicion;
  for (const source of sourcesOf(suspicion)) {
    const preparedStates =
      preparedState === undefined ? noted.statesOf(notedNameOf(source)) : [preparedState];
    if (preparedStates === undefined) continue;
    const { sourceState } = source;
    const judged = judgeAgainstPrepared(verdict.class, { preparedStates, sourceState });
    if (judged !== verdict.class) return { ...verdict, class: judged };
  }
  return verdict;
}

/** A path whose own failure was reported is not reported again as a difference. */
function addVerdict(run: Run, verdict: Verdict): void {
  const { results, task, reporter } = run;
  if (results.knownFailures.has(verdict)) return;
  if (task.settings.repair && isRepairable(verdict) && results.toRepair.length < MOST_REPAIRS) {
    results.toRepair.push(verdict);
    return;
  }
  results.addVerdict(verdict);
  reporter.verdict(verdict);
}

/** What Preparing noted of the source, as far as Verifying asks for it. */
interface NotedName {
  readonly directoryPath: ByteString;
  readonly name: ByteString;
}

/** In one pass. Nothing is noted, and nothing read, of what nobody asks for. */
function readNoted(spool: Spool, names: readonly NotedName[]): Noted {
  const wanted = new Map<string, Set<number>>();
  for (const name of names) want(wanted, name);
  return new Noted(wanted.size === 0 ? [] : readFingerprints(spool, wanted));
}

/** With each directory above it, as one that was not listed may not have been there. */
function want(wanted: Map<string, Set<number>>, { directoryPath, name }: NotedName): void {
  const known = wanted.get(directoryPath);
  if (known !== undefined) {
    known.add(nameHash(name));
    return;
  }
  wanted.set(directoryPath, new Set([nameHash(name)]));
  if (directoryPath !== '') want(wanted, notedNameAt(directoryPath));
}

function notedNameAt(path: ByteString): NotedName {
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

class Noted {
  readonly #byDirectory: ReadonlyMap<string, StatesByName>;

  constructor(fingerprints: Iterable<DirectoryFingerprints>) {
    const byDirectory = new Map<string, StatesByName>();
    for (const { path, statesByName } of fingerprints) {
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

  /** Of a directory that was not noted itself. One that was opened as something else has a state of that, too. */
  #wasDirectory(path: ByteString): boolean {
    if (path === '') return true;
    const states = this.statesOf(notedNameAt(path));
    if (states === undefined) return true;
    return states.includes(A_DIRECTORY) && !states.some(isOfEntry);
  }
}
