/** `efs-sync why`: opens both roots as a dry run does, and asks what would be done about some paths. */
import type { ByteString } from '../model/byte-string.ts';
import type { Explanation } from '../model/run/explanation.ts';
import type { Task } from '../model/task.ts';
import { absolutePath } from '../filesystem/operator-files/absolute-path.ts';
import { pathBelowRoots } from '../policy/path-below-roots.ts';
import { guardUnchangedRoots } from '../engine/roots/guard-roots.ts';
import { type Run, runUnit, watchProgress } from '../engine/context/run.ts';
import { type RunContext, withRun } from './start-run.ts';

/** @param paths below one of the roots @throws UsageError for one that is not; LocationError, Interrupted, TimedOut */
export async function explainPaths(
  task: Task,
  context: RunContext,
  paths: readonly ByteString[],
): Promise<readonly Explanation[]> {
  // What would be deleted is told as a dry run tells it.
  const settings = Object.freeze({
    ...task.settings,
    dryRun: true,
    listChanges: true,
    listUnchanged: false,
    countRuleMatches: false,
  });
  const asked = { ...context, task: { ...task, settings }, mayWrite: false, ifMissing: 'plan' } as const;
  return withRun(asked, async (run) => {
    const below = paths.map((path) => pathInRun(run, path));
    const explanations = await watchProgress(run, async () => {
      const result = await runUnit(run, { unit: 'explain', paths: below });
      return result.explanations;
    });
    await guardUnchangedRoots(run);
    return explanations.map((each, index) => withHint(each, paths[index] ?? '', task));
  });
}

/** Whoever let the shell complete a path has that of the root before it. */
function withHint(explanation: Explanation, given: ByteString, { source, destination }: Task): Explanation {
  if (explanation.decision !== 'missing' || given.startsWith('/')) return explanation;
  const [below = ''] = [source, destination].flatMap((root) => {
    const start = root.startsWith('/') ? undefined : `${absolutePath(root)}/`;
    const whole = absolutePath(given);
    return start !== undefined && whole.startsWith(start) ? [whole.slice(start.length)] : [];
  });
  if (below === '') return explanation;
  const hint = { at: explanation.path, why: 'below root', meant: below } as const;
  return { ...explanation, reasons: [...explanation.reasons, hint] };
}

function pathInRun({ task, source, destination }: Run, path: ByteString): ByteString {
  const { onlyName } = task.settings;
  const roots = [
    absolutePath(task.source),
    absolutePath(task.destination),
    source.realPath,
    destination.realPath,
  ];
  const below = pathBelowRoots(path, roots);
  if (onlyName === undefined) return below;
  return below === '' || below === destination.renaming?.as ? onlyName : below;
}
