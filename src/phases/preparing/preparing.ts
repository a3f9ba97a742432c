/** Preparing: walks both trees over the workers and gathers the plan. Writes nothing at the destination. */
import { guardEmptySource } from '../../policy/guard.ts';
import { Plan } from '../plan/plan.ts';
import { runUnit, type Run } from '../run.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import { compareInRanges } from '../walking/compare-in-ranges.ts';
import type { LargeFile } from '../walking/large-file.ts';
import { walkTrees } from '../walking/walk.ts';
import { resolveLinks } from './resolve-links.ts';

/** @throws LocationError where the source is suspiciously empty */
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
  const { settings } = run.task;
  const { sourceEntries, excludedEntries, entriesToDelete } = run.counters.totals();
  const counts = { source: sourceEntries + excludedEntries, destination: entriesToDelete };
  if (settings.delete && run.results.problemCounts.failed === 0) guardEmptySource(counts, run.task.source);
  resolveLinks(run, plan);
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
