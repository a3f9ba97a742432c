/** The worker's side of Verifying. */
import { forEachLane } from '../../flow/lanes.ts';
import { newFindings } from '../findings.ts';
import { timeDirectory } from '../time-directory.ts';
import { BinaryReader } from '../plan/binary.ts';
import { refsIn } from '../plan/record-refs.ts';
import { readSection } from '../plan/section.ts';
import { readRecord } from '../plan/read-record.ts';
import type { VerifyResult, VerifySectionsResult, VerifySectionsUnit, VerifyTreeUnit } from '../units.ts';
import { walkUnit } from '../walking/walk-unit.ts';
import type { WorkerContext } from '../worker-context.ts';
import type { LargeFile } from '../walking/large-file.ts';
import type { Suspicion } from './suspicion.ts';
import { verifyDirectory } from './verify-directory.ts';
import { verifySection } from './verify-section.ts';

export async function serveVerify(context: WorkerContext, work: VerifyTreeUnit): Promise<VerifyResult> {
  const [suspicions, largeFiles]: [Suspicion[], LargeFile[]] = [[], []];
  const { judgeExtraneous } = work;
  const findings = newFindings();
  const leftover = await walkUnit(work, {
    laneCount: context.laneCount,
    isStopped: () => context.stop.isRaised || context.plan.isFull,
    visit: (task, found) =>
      timeDirectory({ context, findings }, { phase: 'verifying', path: task.path }, () =>
        verifyDirectory({ context, suspicions, largeFiles, found, judgeExtraneous }, task),
      ),
  });
  context.flushSpools();
  const refs = context.plan.takeRefs();
  return { unit: 'verify', findings, leftover, suspicions, largeFiles, refs };
}

export async function serveVerifySections(
  context: WorkerContext,
  work: VerifySectionsUnit,
): Promise<VerifySectionsResult> {
  const [suspicions, largeFiles]: [Suspicion[], LargeFile[]] = [[], []];
  const unit = { context, suspicions, largeFiles, found: () => undefined, judgeExtraneous: false };
  const refs = [...refsIn(work.refs)];
  const findings = newFindings();
  const lanesEach = Math.max(1, Math.floor(context.laneCount / refs.length));
  await forEachLane(refs, context.laneCount, async (ref) => {
    const section = readSection(new BinaryReader(readRecord(context.setup.spoolFds, ref)));
    await timeDirectory({ context, findings }, { phase: 'verifying', path: section.directoryPath }, () =>
      verifySection(unit, section, lanesEach),
    );
  });
  context.flushSpools();
  return { unit: 'verifySections', findings, suspicions, largeFiles };
}
