/** The worker's side of Verifying. */
import { forEachLane } from '../../flow/lanes.ts';
import { newFindings, type Suspicion } from '../../engine/messages/findings.ts';
import { timeDirectory } from '../../engine/context/statistics.ts';
import { LeftNames } from '../../engine/messages/left-names.ts';
import { readSection, type Section } from '../../engine/plan/section.ts';
import { readersOf } from '../../engine/plan/binary.ts';
import type {
  VerifyResult,
  VerifySectionsResult,
  VerifySectionsUnit,
  VerifyTreeUnit,
} from '../../engine/messages/units.ts';
import { walkUnit } from '../../engine/messages/walk.ts';
import { isFull, type WorkerContext } from '../../engine/context/worker-context.ts';
import type { LargeFile } from '../../engine/messages/large-file.ts';
import type { MissingBelow } from '../../model/run/verdict.ts';
import { verifyDirectories } from './verify-directory.ts';
import { stateHash } from '../../policy/compare/fingerprint.ts';
import { withBothDirectories } from '../../engine/march/both-sides.ts';
import { suspectUnread, type VerifyingScope } from './verifying-scope.ts';
import { verifyEntry } from './verify-entry.ts';

export async function serveVerify(context: WorkerContext, work: VerifyTreeUnit): Promise<VerifyResult> {
  const [suspicions, largeFiles]: [Suspicion[], LargeFile[]] = [[], []];
  const { judgeExtraneous } = work;
  const left = work.left && new LeftNames(work.left);
  const missingBelow: MissingBelow = new Map();
  const findings = newFindings();
  const leftover = await walkUnit(work, {
    laneCount: context.laneCount,
    isStopped: () => context.stop.isRaised || isFull(context),
    visitorFor: (found) => {
      const scope = { context, suspicions, largeFiles, found, judgeExtraneous, left, missingBelow };
      const visit = verifyDirectories(scope);
      return (task) =>
        timeDirectory({ context, findings }, { phase: 'verifying', path: task.path }, () => visit(task));
    },
  });
  const records = context.plan.takeRecords();
  return { unit: 'verify', findings, leftover, suspicions, largeFiles, records, missingBelow };
}

export async function serveVerifySections(
  context: WorkerContext,
  work: VerifySectionsUnit,
): Promise<VerifySectionsResult> {
  const [suspicions, largeFiles]: [Suspicion[], LargeFile[]] = [[], []];
  const left = new LeftNames(work.left);
  const scope = { context, suspicions, largeFiles, found: () => undefined, judgeExtraneous: false, left };
  const readers = readersOf(work.records);
  const findings = newFindings();
  const lanesEach = Math.max(1, Math.floor(context.laneCount / readers.length));
  await forEachLane(readers, context.laneCount, async (reader) => {
    const section = readSection(reader);
    await timeDirectory({ context, findings }, { phase: 'verifying', path: section.directoryPath }, () =>
      verifySection(scope, section, lanesEach),
    );
  });
  return { unit: 'verifySections', findings, suspicions, largeFiles };
}

type SectionScope = Omit<VerifyingScope, 'preparedState'>;

/** `--verify=transferred`: compares the entries that Syncing wrote or adjusted, and no others. */
async function verifySection(scope: SectionScope, section: Section, laneCount: number): Promise<void> {
  const { context } = scope;
  const path = section.directoryPath;
  try {
    await withBothDirectories(context, path, (source, destination) =>
      forEachLane(section.changes, laneCount, async (change) => {
        if (context.stop.isRaised) return;
        const preparedState = stateHash(change.source);
        // Its content was not asked about.
        const left = change.action === 'adjust' && context.settings.sizeOnly ? undefined : scope.left;
        const own = { preparedState, ...scope, left };
        await verifyEntry(own, { source, destination, name: change.name }, true);
      }),
    );
  } catch (error) {
    suspectUnread(scope, error, { path, side: 'destination' });
  }
}
