/** Turns differences into verdicts: a source that moved on since Preparing is told from a wrong copy. */
import { lastName, parentPath } from '../../filesystem/root.ts';
import type { Verdict } from '../../model/verdict.ts';
import { nameHash } from '../../policy/fingerprint.ts';
import { judgeAgainstPrepared } from '../../policy/judge.ts';
import { OWN_NAME, readFingerprints, type WantedNames } from '../preparing/fingerprints.ts';
import type { Run } from '../run.ts';
import type { Suspicion } from './suspicion.ts';

export function judgeSuspicions(run: Run, all: readonly Suspicion[]): void {
  const suspicions: Suspicion[] = [];
  for (const suspicion of all) {
    if (suspicion.preparedState === undefined) suspicions.push(suspicion);
    else addVerdict(run, judge(suspicion, [suspicion.preparedState]));
  }
  const byDirectory = groupByDirectory(suspicions);
  // One pass over what Preparing noted; a directory it did not list has nothing to compare with.
  const noted = byDirectory.size === 0 ? [] : readFingerprints(run.fingerprintFds, namesIn(byDirectory));
  for (const { path, statesByName } of noted) {
    for (const suspicion of byDirectory.get(path) ?? []) {
      addVerdict(run, judge(suspicion, statesByName.get(notedHash(suspicion)) ?? []));
    }
    byDirectory.delete(path);
  }
  for (const { verdict } of [...byDirectory.values()].flat()) addVerdict(run, verdict);
}

function groupByDirectory(suspicions: readonly Suspicion[]): Map<string, Suspicion[]> {
  const groups = new Map<string, Suspicion[]>();
  for (const suspicion of suspicions) {
    const path = notedIn(suspicion);
    const group = groups.get(path);
    if (group === undefined) groups.set(path, [suspicion]);
    else group.push(suspicion);
  }
  return groups;
}

function namesIn(byDirectory: ReadonlyMap<string, readonly Suspicion[]>): WantedNames {
  return new Map([...byDirectory].map(([path, group]) => [path, new Set(group.map(notedHash))]));
}

function notedHash(suspicion: Suspicion): number {
  return nameHash(notedName(suspicion));
}

/** The directory among whose fingerprints an entry's is. */
function notedIn({ verdict, isDirectory }: Suspicion): string {
  return isDirectory ? verdict.path : parentPath(verdict.path);
}

function notedName({ verdict, isDirectory }: Suspicion): string {
  return isDirectory ? OWN_NAME : lastName(verdict.path);
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
