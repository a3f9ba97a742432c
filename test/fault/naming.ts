/** Whether a run that did not succeed tells of what failed: the path, its side and the error. */
import type { Problem } from '../../src/model/problem.ts';
import type { Side } from '../../src/model/task.ts';
import type { Stage } from './case.ts';
import type { FailedCall } from './faults.ts';
import type { Faulted } from './promises.ts';

/** Not told as they are: they say that a name is, or is not, which the tool looks into. */
const ANSWERS = new Set(['ENOENT', 'EEXIST']);
const BUSY = 75;

export function isNamed({ stage, outcome, failed }: Faulted): boolean {
  const { report, error, status } = outcome;
  if (report === undefined) return failed.some((call) => isErrorOf(call, error, status));
  const [{ problems, verdicts }] = [report];
  return failed.some(
    (call) =>
      problems.some((problem) => isProblemOf(stage, call, problem)) ||
      // What is not proven, and what differs.
      verdicts.some(({ path }) => isAt(stage, call, path)),
  );
}

function isErrorOf({ call, kind }: FailedCall, error: unknown, status: number): boolean {
  if (call === 'flock' && kind === 'EAGAIN') return status === BUSY;
  return (error as { readonly code?: string }).code === kind;
}

function isProblemOf(stage: Stage, call: FailedCall, { code, side, path }: Problem): boolean {
  // Who may not open a directory to himself is told what he could not do in it.
  const isForbidden = call.call === 'fchmod' && call.kind === 'EPERM';
  const isTold = code === call.kind || ANSWERS.has(call.kind) || call.kind === 'nothing' || isForbidden;
  return isTold && sidesOf(stage, call).includes(side) && isAt(stage, call, path);
}

function sidesOf({ source, destination }: Stage, { targets }: FailedCall): Side[] {
  const isBelow = (root: string) => targets.some((path) => path.startsWith(root));
  return (['source', 'destination'] as const).filter((side) =>
    isBelow(side === 'source' ? source : destination),
  );
}

/** The very path, what it lies in, or what lies in it. */
function isAt({ source, destination }: Stage, { targets }: FailedCall, path: string): boolean {
  return targets.some((target) => {
    const relative = target.replace(source, '').replace(destination, '').slice(1);
    // A temporary is told under the name it would have had.
    const place = relative.replace(/(^|\/)\.efs-sync-.*$/, '');
    return path === '' || place === '' || isWithin(path, place) || isWithin(place, path);
  });
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
