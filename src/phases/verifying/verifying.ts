/** Verifying: rescans both trees, compares them completely, and judges each difference. */
import type { ByteString } from '../../model/byte-string.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job } from '../../flow/lanes.ts';
import { guardUnchangedRoots } from '../../engine/roots/guard-roots.ts';
import { leftKeysOf, type LeftKeys } from '../../engine/messages/left-names.ts';
import { describeBelow } from '../../policy/compare/judge.ts';
import type { Suspicion } from '../../engine/messages/findings.ts';
import { SHARED_JOBS } from '../../model/concurrency.ts';
import { distributeRecords } from '../../engine/context/distribute-records.ts';
import { Plan } from '../../engine/plan/plan.ts';
import type { PackedRecords } from '../../engine/plan/plan-spool.ts';
import { type Run, runUnit } from '../../engine/context/run.ts';
import { throwIfStopped } from '../../flow/stop-flag.ts';
import { timeSharedWork } from '../../engine/context/statistics.ts';
import { compareInRanges } from '../../engine/compare/compare-in-ranges.ts';
import { walkTrees } from '../../engine/messages/walk.ts';
import type { LargeFile } from '../../engine/messages/large-file.ts';
import { judgeSuspicions } from './judge-suspicions.ts';
import {
  holdsAnything,
  type MissingBelow,
  type Verdict,
  type VerdictClass,
} from '../../model/run/verdict.ts';
import { addBelow } from './count-missing.ts';
import { compareLinkGroups } from './compare-link-groups.ts';
import { nameHash } from '../../policy/compare/fingerprint.ts';
import { asksDestination } from '../../policy/why-left-alone.ts';
import { readLeft } from '../../engine/context/fingerprints.ts';
import { recordsIn } from '../../engine/plan/binary.ts';
import { readVerifiedRecord } from './verified-record.ts';

/** Every entry of both trees. @throws FatalError where a root was lost: that everything is missing would be no verdict */
export async function verifyTrees(run: Run): Promise<void> {
  await verifyAll(run, undefined);
}

/** Likewise, after a sync of this run: it knows what it has left alone. */
export async function verifyCopy(run: Run): Promise<void> {
  await verifyAll(run, shareLeftNames(run));
}

async function verifyAll(run: Run, left: LeftKeys | undefined): Promise<void> {
  const judgeExtraneous = run.task.settings.delete && !run.results.deleteLimitReached;
  const suspicions: Suspicion[] = [];
  const missingBelow: MissingBelow = new Map();
  const found = new Plan(run.spools.plan);
  await walkTrees({
    unitsUnderWay: run.crew.unitsUnderWay,
    run: (unit) => runUnit(run, { unit: 'verify', judgeExtraneous, left, ...unit }),
    take: (result) => {
      found.take(result.records);
      for (const suspicion of result.suspicions) suspicions.push(suspicion);
      for (const [path, below] of result.missingBelow) addBelow(missingBelow, path, below);
      return result.largeFiles.map((file) => () => verifyLargeFile(run, suspicions, file));
    },
  });
  throwIfStopped(run);
  await guardUnchangedRoots(run);
  const all = suspicions.concat(compareLinkGroups(run, found.links));
  await judgeAndTell(
    run,
    all.map((suspicion) => withBelow(suspicion, missingBelow)),
  );
}

/** What Syncing wrote or adjusted. */
export async function verifyTransferred(run: Run, plan: Plan): Promise<void> {
  const suspicions: Suspicion[] = [];
  const left = shareLeftNames(run);
  const begin = async (packed: PackedRecords): Promise<Job[]> => {
    const result = await runUnit(run, { unit: 'verifySections', left, ...packed });
    for (const suspicion of result.suspicions) suspicions.push(suspicion);
    return result.largeFiles.map((file) => () => verifyLargeFile(run, suspicions, file));
  };
  for (const records of [plan.sections, plan.linkSections]) {
    await distributeRecords(run, records, { begin, jobsAtOnce: SHARED_JOBS });
  }
  throwIfStopped(run);
  await guardUnchangedRoots(run);
  await judgeAndTell(run, suspicions);
}

/** Only where there is something: an empty directory is missing by itself. */
function withBelow(suspicion: Suspicion, missingBelow: MissingBelow): Suspicion {
  const { verdict } = suspicion;
  const below = verdict.class === 'missing' ? missingBelow.get(verdict.path) : undefined;
  if (below === undefined || !holdsAnything(below)) return suspicion;
  const detail = `${verdict.detail}; ${describeBelow(below)}`;
  return { ...suspicion, verdict: { ...verdict, detail, below } };
}

async function verifyLargeFile(run: Run, suspicions: Suspicion[], file: LargeFile): Promise<void> {
  const place = { phase: 'verifying', path: file.directoryPath } as const;
  await timeSharedWork(run, place, () => verifyInRanges(run, suspicions, file));
}

async function verifyInRanges(run: Run, suspicions: Suspicion[], file: LargeFile): Promise<void> {
  await compareInRanges(run, file, {
    counts: true,
    finish: async (compared) => {
      const result = await runUnit(run, { unit: 'concludeFile', file, ...compared });
      for (const suspicion of result.suspicions) suspicions.push(suspicion);
    },
  });
}

/** @param run it has had its Preparing */
function shareLeftNames(run: Run): LeftKeys {
  const { settings } = run.task;
  const mayProtect = settings.delete && settings.filters.some(({ action }) => action === 'merge');
  if (!asksDestination(settings) && !mayProtect) return leftKeysOf([]);
  const keys = [...run.results.leftLinks];
  let directory: { path: ByteString; hash: bigint } | undefined;
  for (const { path, name } of readLeft(run.spools.fingerprints)) {
    if (directory?.path !== path) directory = { path, hash: BigInt(nameHash(path)) << 32n };
    keys.push(directory.hash | BigInt(name));
  }
  return leftKeysOf(keys);
}

async function judgeAndTell(run: Run, suspicions: readonly Suspicion[]): Promise<void> {
  const verdicts = judgeSuspicions(run, suspicions);
  if (run.task.settings.listVerified) await tellVerified(run, verdicts);
}

/** Signals and the progress line have their turn in between. */
const RECORDS_BETWEEN_TURNS = 1000;

/**
 * Tells the reporter of every entry that was verified, once every verdict is known: memory holds the verdicts alone.
 * @throws Interrupted
 */
async function tellVerified(run: Run, verdicts: readonly Verdict[]): Promise<void> {
  const { reporter, results } = run;
  const classes = classesByPath(verdicts);
  // Told once they are repaired, or are not.
  const later = new Set(results.toRepair.map(({ path }) => path));
  let count = 0;
  for (const reader of recordsIn(run.spools.verified)) {
    const record = readVerifiedRecord(reader);
    if (later.has(record.path)) continue;
    const taken = reporter.verified({ verdict: classes.get(record.path) ?? 'verified', ...record });
    classes.delete(record.path);
    if (++count % RECORDS_BETWEEN_TURNS === 0) {
      await nextTurn();
      await taken;
      throwIfStopped(run);
    }
  }
  // What could not be compared.
  for (const [path, verdict] of classes) if (!later.has(path)) await reporter.verified({ path, verdict });
}

/** The first of each path. */
function classesByPath(verdicts: readonly Verdict[]): Map<string, VerdictClass> {
  const classes = new Map<string, VerdictClass>();
  for (const verdict of verdicts) {
    if (!classes.has(verdict.path)) classes.set(verdict.path, verdict.class);
  }
  return classes;
}
