/** What the march meets as problems: failures of the walk, and names that the destination takes for others. */
import type { ByteString } from '../../model/byte-string.ts';
import { problemFrom, problemOf, type Findings, type Attempt } from '../messages/findings.ts';
import type { Visitor } from './visitor.ts';
import type { AttemptName, Problem } from '../../model/run/problem.ts';
import { displayName } from '../../model/display-name.ts';
import type { WorkerContext } from '../context/worker-context.ts';

/** Failures: what a sync that goes on would not copy. */
export function reportProblems({ problems }: Findings): Pick<Visitor, 'failed' | 'unfound'> {
  return {
    failed: (error, at) => {
      problems.push(problemFrom(error, { phase: 'preparing', ...at }));
    },
    // As in rsync: what is not there at the start has not vanished, it failed.
    unfound: (path, { code, reason }) => {
      const at = { phase: 'preparing', side: 'source', path, attempt: 'find' } as const;
      problems.push({ ...problemOf('failed', at, reason), code });
    },
  };
}

/** Whether to tell of taken names. Full verification finds each itself, and tells of it as a difference. */
export function tellsTaken({ settings, setup }: WorkerContext): boolean {
  return settings.verify !== 'full' || !setup.mayWrite;
}

export function problemOfTaken(
  attempt: AttemptName,
  at: Pick<Attempt, 'phase' | 'path'>,
  takenFor?: ByteString,
): Problem {
  return problemOf('failed', { ...at, attempt, side: 'destination' }, describeTaken(takenFor));
}

/** @param takenFor undefined: which one it is, only a listing tells */
export function describeTaken(takenFor: ByteString | undefined): string {
  const other = takenFor === undefined ? 'another name in the source' : displayName(takenFor);
  return `the destination does not distinguish it from ${other}`;
}
