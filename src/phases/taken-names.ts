/** What is said of a name of the source that the destination takes for another one. */
import { displayName } from '../model/display-name.ts';
import type { Problem } from '../model/problem.ts';
import { problemOf, type Attempt } from './findings.ts';
import type { WorkerContext } from './worker-context.ts';

/** Full verification finds each itself, and tells of it as a difference. */
export function tellsTaken({ settings, setup }: WorkerContext): boolean {
  return settings.verify !== 'full' || !setup.mayWrite;
}

/** @param takenFor undefined: which one it is, only a listing tells */
export function describeTaken(takenFor: string | undefined): string {
  const other = takenFor === undefined ? 'another name of the source' : displayName(takenFor);
  return `the destination takes it for ${other}`;
}

export function problemOfTaken(
  attempt: string,
  at: Pick<Attempt, 'phase' | 'path'>,
  takenFor?: string,
): Problem {
  return problemOf('failed', { ...at, attempt, side: 'destination' }, describeTaken(takenFor));
}
