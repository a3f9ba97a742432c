/** Verifying: rescans both trees, compares them completely, and judges each difference. */
import { FatalError } from '../../errors.ts';
import type { Job } from '../../flow/lanes.ts';
import { guardUnchangedRoots } from '../guard-roots.ts';
import type { Suspicion } from './suspicion.ts';
import { SHARED_JOBS_AT_ONCE, shareOut } from '../plan/share-out.ts';
import { Plan } from '../plan/plan.ts';
import { runUnit, type Run } from '../run.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import { timeSharedWork } from '../time-directory.ts';
import { compareInRanges } from '../walking/compare-in-ranges.ts';
import { walkTrees } from '../walking/walk.ts';
import type { LargeFile } from '../walking/large-file.ts';
import { judgeSuspicions } from './judge-suspicions.ts';
import { tellVerified } from './tell-verified.ts';
import { compareLinkGroups } from './compare-link-groups.ts';

/** Every entry of both trees. @throws FatalError where a root was lost: that everything is missing would be no verdict */
export async function verifyTrees(run: Run): Promise<void> {
  const judgeExtraneous = run.task.settings.delete && !run.results.deleteLimitReached;
  const suspicions: Suspicion[] = [];
  const found = new Plan();
  await walkTrees({
    unitsUnderWay: run.crew.unitsUnderWay,
    run: (unit) => runUnit(run, { unit: 'verify', judgeExtraneous, ...unit }),
    take: (result) => {
      found.take(result.refs);
      for (const suspicion of result.suspicions) suspicions.push(suspicion);
      return result.largeFiles.map((file) => () => verifyLargeFile(run, suspicions, file));
    },
  });
  throwIfStopped(run);
  await guardUnchangedRoots(run, FatalError);
  await conclude(run, suspicions.concat(compareLinkGroups(run, found.links)));
}

/** What Syncing wrote or adjusted. */
export async function verifyTransferred(run: Run, plan: Plan): Promise<void> {
  const suspicions: Suspicion[] = [];
  const begin = async (refs: Float64Array): Promise<Job[]> => {
    const result = await runUnit(run, { unit: 'verifySections', refs });
    for (const suspicion of result.suspicions) suspicions.push(suspicion);
    return result.largeFiles.map((file) => () => verifyLargeFile(run, suspicions, file));
  };
  for (const records of [plan.sections, plan.linkSections]) {
    await shareOut(run, records, { begin, jobsAtOnce: SHARED_JOBS_AT_ONCE });
  }
  throwIfStopped(run);
  await guardUnchangedRoots(run, FatalError);
  await conclude(run, suspicions);
}

async function conclude(run: Run, suspicions: readonly Suspicion[]): Promise<void> {
  const verdicts = judgeSuspicions(run, suspicions);
  if (run.task.settings.listVerified) await tellVerified(run, verdicts);
}

async function verifyLargeFile(run: Run, suspicions: Suspicion[], file: LargeFile): Promise<void> {
  const place = { phase: 'verifying', path: file.directoryPath } as const;
  await timeSharedWork(run, place, () => verifyInRanges(run, suspicions, file));
}

async function verifyInRanges(run: Run, suspicions: Suspicion[], file: LargeFile): Promise<void> {
  const { directoryPath, name, source } = file;
  const { sizeBytes, blocks } = source;
  const compared = await compareInRanges(run, { directoryPath, name, sizeBytes, blocks, counts: true });
  const result = await runUnit(run, { unit: 'concludeFile', file, ...compared });
  for (const suspicion of result.suspicions) suspicions.push(suspicion);
}
