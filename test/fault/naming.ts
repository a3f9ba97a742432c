/** Whether a run that did not succeed tells of what failed: the path, its side and the error. */
import type { Problem } from '../../src/model/run/problem.ts';
import type { Side } from '../../src/model/task.ts';
import type { Stage } from './case.ts';
import type { FailedCall } from './faults.ts';
import type { Faulted } from './promises.ts';

/** These say that a name exists or not. The tool acts on that, and reports something else. */
const ANSWERS = new Set(['ENOENT', 'EEXIST']);
const BUSY = 75;

export function isNamed({ stage, outcome, failed }: Faulted): boolean {
  const { report, error, status } = outcome;
  if (report === undefined) return failed.some((call) => isErrorOf(call, error, status));
  const [{ problems, verdicts }] = [report];
  return failed.some(
    (call) =>
      problems.some((problem) => isProblemOf(stage, call, problem)) ||
      // Verdicts: paths that differ or could not be verified.
      verdicts.some(({ path }) => isAt(stage, call, path)),
  );
}

function isErrorOf({ call, kind }: FailedCall, error: unknown, status: number): boolean {
  if (call === 'flock' && kind === 'EAGAIN') return status === BUSY;
  return (error as { readonly code?: string }).code === kind;
}

function isProblemOf(stage: Stage, call: FailedCall, { code, side, path }: Problem): boolean {
  // If fchmod cannot make a directory accessible, the report names the access that fails next.
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

/** The path itself, a parent, or an entry below it. */
function isAt({ source, destination }: Stage, { targets }: FailedCall, path: string): boolean {
  return targets.some((target) => {
    const relative = target.replace(source, '').replace(destination, '').slice(1);
    // A temporary file is reported under its final name.
    const place = relative.replace(/(^|\/)\.efs-sync-.*$/, '');
    return path === '' || place === '' || isWithin(path, place) || isWithin(place, path);
  });
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
