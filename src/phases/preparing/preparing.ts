/** Preparing: walks both trees over the workers and gathers the plan. Writes nothing at the destination. */
import { LocationError } from '../../errors.ts';
import { linkLimitOf } from '../../policy/destination-limits.ts';
import { guardEmptySource } from '../../policy/guard.ts';
import { Plan } from '../plan/plan.ts';
import { guardUnchangedRoots } from '../guard-roots.ts';
import { runUnit, type Run } from '../run.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import { compareInRanges } from '../walking/compare-in-ranges.ts';
import type { LargeFile } from '../walking/large-file.ts';
import { walkTrees } from '../walking/walk.ts';
import { resolveLinks } from '../resolve-links.ts';

/** @throws LocationError where a root was lost, or the source is suspiciously empty */
export async function prepare(run: Run): Promise<Plan> {
  const plan = new Plan();
  await walkTrees({
    unitsUnderWay: run.crew.unitsUnderWay,
    run: (unit) => runUnit(run, { unit: 'prepare', ...unit }),
    take: (result) => {
      plan.take(result.refs);
      return result.largeFiles.map((file) => () => planLargeFile(run, plan, file));
    },
  });
  throwIfStopped(run);
  await guardUnchangedRoots(run, LocationError);
  if (run.task.settings.delete) guardEmptySource(run.counters.totals(), run.task.source);
  resolveLinks(run, plan, { limit: linkLimitOf(run.destination.mount), isReason: true });
  return plan;
}

/** `--checksum` */
async function planLargeFile(run: Run, plan: Plan, file: LargeFile): Promise<void> {
  const { directoryPath, name, source } = file;
  const { sizeBytes, blocks } = source;
  const range = { directoryPath, name, sizeBytes, blocks, counts: false };
  const { content } = await compareInRanges(run, range);
  const { refs } = await runUnit(run, { unit: 'planFile', file, content });
  plan.take(refs);
}
