/** The worker's side of `--checksum` of a large file, once its ranges were compared: plans what must change. */
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { newFindings, problemFrom } from '../findings.ts';
import type { PlanFileResult, PlanFileUnit } from '../units.ts';
import { sideOf, withBothDirectories, type BothDirectories } from '../walking/both-sides.ts';
import { compareFiles } from '../walking/compare-content.ts';
import { retryInBoth } from '../walking/fresh-lookup.ts';
import type { WorkerContext } from '../worker-context.ts';
import { planDifferences } from './plan-entry.ts';
import type { PreparingUnit } from './unit.ts';

export async function servePlanFile(context: WorkerContext, work: PlanFileUnit): Promise<PlanFileResult> {
  const findings = newFindings();
  const unit: PreparingUnit = { context, findings, largeFiles: [], found: () => undefined };
  const { directoryPath, name } = work.file;
  try {
    await withBothDirectories(context, directoryPath, (source, destination) =>
      planFile(unit, work, { source, destination }),
    );
  } catch (error) {
    const side = sideOf(error) ?? 'destination';
    const path = childPath(directoryPath, name);
    findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
  }
  context.flushSpools();
  return { unit: 'planFile', findings, refs: context.plan.takeRefs() };
}

async function planFile(unit: PreparingUnit, work: PlanFileUnit, both: BothDirectories): Promise<void> {
  const { file } = work;
  const section = unit.context.plan.section({
    directoryPath: file.directoryPath,
    directoryNames: 0,
  });
  const differences = file.differences | (await contentDifferences(unit, work, both));
  const place = {
    section,
    touch: { isTouched: true, hasLinks: false },
    path: file.directoryPath,
    sourceDirectory: both.source,
  };
  await planDifferences(unit, place, { ...file, differences });
  section.end();
}

/** What ranges could not read, this worker reads from start to end, to name the call that fails. */
async function contentDifferences(
  { context }: PreparingUnit,
  { file, content }: PlanFileUnit,
  both: BothDirectories,
): Promise<Differences> {
  if (content !== 'unread') return content === 'equal' ? 0 : Difference.content;
  const { name } = file;
  const { equal } = await retryInBoth(context, both, (sourceDirectory, destinationDirectory) =>
    compareFiles(
      context,
      { sourceDirectory, destinationDirectory, name },
      {
        source: file.source,
        fromServer: false,
        onBytes: () => context.heartbeat.beat(),
      },
    ),
  );
  return equal ? 0 : Difference.content;
}
