/** The worker's side of `--checksum` of a large file, once its ranges were compared: plans what must change. */
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { newFindings, problemFrom } from '../../engine/messages/findings.ts';
import type { PlanFileResult, PlanFileUnit } from '../../engine/messages/large-file.ts';
import { sideOf, withBothDirectories, type BothDirectories } from '../../engine/march/both-sides.ts';
import { compareFiles } from '../../engine/compare/compare-content.ts';
import { retryInBoth } from '../../engine/march/fresh-lookup.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { planDifferences } from './plan-entry.ts';
import type { PreparingScope } from './preparing-scope.ts';

export async function servePlanFile(context: WorkerContext, work: PlanFileUnit): Promise<PlanFileResult> {
  const findings = newFindings();
  await planLargeFile({ context, findings, largeFiles: [], found: () => undefined }, work);
  return { unit: 'planFile', findings, records: context.plan.takeRecords() };
}

/** @param work `unread`: compares it from start to end */
export async function planLargeFile(scope: PreparingScope, work: Omit<PlanFileUnit, 'unit'>): Promise<void> {
  const { context, findings } = scope;
  const { directoryPath, name } = work.file;
  try {
    await withBothDirectories(context, directoryPath, (source, destination) =>
      planFile(scope, work, { source, destination }),
    );
  } catch (error) {
    const side = sideOf(error) ?? 'destination';
    const path = childPath(directoryPath, name);
    findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
  }
}

async function planFile(
  scope: PreparingScope,
  work: Omit<PlanFileUnit, 'unit'>,
  both: BothDirectories,
): Promise<void> {
  const { file } = work;
  const section = scope.context.plan.section({
    directoryPath: file.directoryPath,
    directoryNames: 0,
  });
  const differences = file.differences | (await contentDifferences(scope, work, both));
  const place = {
    section,
    touch: { isTouched: true, hasLinks: false },
    fingerprints: undefined,
    path: file.directoryPath,
    sourceDirectory: both.source,
  };
  await planDifferences(scope, place, { ...file, differences });
  section.end();
}

/** What ranges could not read, this worker reads from start to end, to name the call that fails. */
async function contentDifferences(
  { context }: PreparingScope,
  { file, content }: Omit<PlanFileUnit, 'unit'>,
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
        destination: file.destination,
        fromServer: false,
        needsDigests: false,
        onBytes: () => context.heartbeat.beat(),
      },
    ),
  );
  return equal ? 0 : Difference.content;
}
