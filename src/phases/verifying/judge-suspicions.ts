/** Turns differences into verdicts: a source that moved on since Preparing is told from a wrong copy. */
import { lastName, parentPath } from '../../filesystem/root.ts';
import type { Verdict } from '../../model/verdict.ts';
import { judgeAgainstPrepared } from '../../policy/judge.ts';
import { OWN_NAME } from '../preparing/fingerprints.ts';
import type { Run } from '../run.ts';
import { readNoted, type NotedName, type Noted } from './noted.ts';
import type { SourceState, Suspicion } from './suspicion.ts';

/** Gives all, also those that are not reported. */
export function judgeSuspicions(run: Run, suspicions: readonly Suspicion[]): Verdict[] {
  const wanted = suspicions.flatMap((suspicion) =>
    suspicion.preparedState === undefined ? sourcesOf(suspicion).map(notedNameOf) : [],
  );
  const noted = readNoted(run.fingerprintFds, wanted);
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
  if (run.results.explained.has(verdict)) return;
  run.results.addVerdict(verdict);
  run.reporter.verdict(verdict);
}
