/** Turns differences into verdicts: a source that moved on since Preparing is told from a wrong copy. */
import { lastName, parentPath } from '../../filesystem/root.ts';
import type { Verdict } from '../../model/verdict.ts';
import { nameHash } from '../../policy/fingerprint.ts';
import { judgeAgainstPrepared } from '../../policy/judge.ts';
import { OWN_NAME, readFingerprints, type WantedNames } from '../preparing/fingerprints.ts';
import type { Run } from '../run.ts';
import type { Suspicion } from './suspicion.ts';

export function judgeSuspicions(run: Run, all: readonly Suspicion[]): void {
  const unplanned: Suspicion[] = [];
  for (const suspicion of all) {
    if (suspicion.preparedState === undefined) unplanned.push(suspicion);
    else addVerdict(run, judge(suspicion, [suspicion.preparedState]));
  }
  const unlisted = judgeByNotes(run, unplanned, ownPlace);
  // A directory that Preparing did not list may have been something else then, or not there.
  const unknown = judgeByNotes(run, unlisted, placeInParent);
  for (const { verdict } of unknown) addVerdict(run, verdict);
}

/** Where Preparing noted an entry: the directory, and the name among its fingerprints. */
interface Place {
  readonly directoryPath: string;
  readonly name: string;
}

function ownPlace(suspicion: Suspicion): Place {
  const directoryPath = suspicion.verdict.path;
  return suspicion.isDirectory ? { directoryPath, name: OWN_NAME } : placeInParent(suspicion);
}

function placeInParent({ verdict }: Suspicion): Place {
  return { directoryPath: parentPath(verdict.path), name: lastName(verdict.path) };
}

interface Placed {
  readonly suspicion: Suspicion;
  readonly hash: number;
}

/** One pass over what Preparing noted. Gives those whose directory it did not list: nothing can be compared. */
function judgeByNotes(
  run: Run,
  suspicions: readonly Suspicion[],
  placeOf: (suspicion: Suspicion) => Place,
): Suspicion[] {
  if (suspicions.length === 0) return [];
  const byDirectory = groupByDirectory(suspicions, placeOf);
  for (const { path, statesByName } of readFingerprints(run.fingerprintFds, namesIn(byDirectory))) {
    for (const { suspicion, hash } of byDirectory.get(path) ?? []) {
      addVerdict(run, judge(suspicion, statesByName.get(hash) ?? []));
    }
    byDirectory.delete(path);
  }
  return [...byDirectory.values()].flat().map(({ suspicion }) => suspicion);
}

function groupByDirectory(
  suspicions: readonly Suspicion[],
  placeOf: (suspicion: Suspicion) => Place,
): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const suspicion of suspicions) {
    const { directoryPath, name } = placeOf(suspicion);
    const placed = { suspicion, hash: nameHash(name) };
    const group = groups.get(directoryPath);
    if (group === undefined) groups.set(directoryPath, [placed]);
    else group.push(placed);
  }
  return groups;
}

function namesIn(byDirectory: ReadonlyMap<string, readonly Placed[]>): WantedNames {
  return new Map([...byDirectory].map(([path, group]) => [path, new Set(group.map(({ hash }) => hash))]));
}

function judge({ verdict, sourceState }: Suspicion, preparedStates: readonly number[]): Verdict {
  const judged = judgeAgainstPrepared(verdict.class, { preparedStates, sourceState });
  return judged === verdict.class ? verdict : { ...verdict, class: judged };
}

/** A path whose own failure was reported is not reported again as a difference. */
export function addVerdict(run: Run, verdict: Verdict): void {
  if (run.results.explained.has(verdict)) return;
  run.results.addVerdict(verdict);
  run.reporter.verdict(verdict);
}
