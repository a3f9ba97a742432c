/** Serves one unit of any phase, in a worker isolate or in the main one. */
import { FatalError, LocationError } from '../model/run/errors.ts';
import type { OnPart } from '../flow/workers/unit-server.ts';
import { newFindings } from '../engine/messages/findings.ts';
import { servePlanFile } from '../phases/preparing/serve-plan-file.ts';
import { serveExamineMoves } from '../phases/preparing/serve-examine-moves.ts';
import { servePrepare } from '../phases/preparing/serve-prepare.ts';
import { serveExplain } from '../phases/explaining/serve-explain.ts';
import { serveScan } from '../phases/serve-scan.ts';
import { serveCopyRange } from '../phases/syncing/copy-large-range.ts';
import { serveLookAgain } from '../phases/syncing/look-again.ts';
import { serveFinishCopy } from '../phases/syncing/finish-copy.ts';
import { serveOpenCopy } from '../phases/syncing/open-copy.ts';
import { serveApply } from '../phases/syncing/serve-apply.ts';
import type { CopyStep, CopyStepResult, CopyFileUnit } from '../engine/messages/copy-steps.ts';
import type { Gains, Served, UnitResult, WorkUnit } from '../engine/messages/units.ts';
import { serveConcludeFile } from '../phases/verifying/serve-conclude-file.ts';
import { serveVerify, serveVerifySections } from '../phases/verifying/serve-verify.ts';
import { serveCompareRange } from '../engine/compare/serve-range.ts';
import { contextOfUnit, type IsolateContext, type WorkerContext } from '../engine/context/worker-context.ts';

/** What one isolate serves. */
export type IsolateUnit = Exclude<WorkUnit, CopyFileUnit> | CopyStep;
export type IsolateResult = UnitResult | CopyStepResult;

async function serve(
  context: WorkerContext,
  work: IsolateUnit,
  onPart: OnPart<IsolateResult>,
): Promise<IsolateResult> {
  switch (work.unit) {
    case 'prepare':
      return servePrepare(context, work, onPart);
    case 'verify':
      return serveVerify(context, work);
    case 'verifySections':
      return serveVerifySections(context, work);
    case 'scan':
      return serveScan(context, work);
    case 'explain':
      return serveExplain(context, work);
    case 'planFile':
      return servePlanFile(context, work);
    case 'examineMoves':
      return serveExamineMoves(context, work);
    case 'openCopy':
      return serveOpenCopy(context, work);
    case 'copyRange':
      return serveCopyRange(context, work);
    case 'finishCopy':
      return { unit: work.unit, findings: await serveFinishCopy(context, work) };
    case 'lookAgain':
      return { unit: work.unit, findings: await serveLookAgain(context, work) };
    case 'compareRange':
      return serveCompareRange(context, work);
    case 'concludeFile':
      return serveConcludeFile(context, work);
    default:
      return serveApply(context, work);
  }
}

/** @param onPart takes what would make the result too large for one message */
export async function serveUnit(
  isolate: IsolateContext,
  work: IsolateUnit,
  onPart?: OnPart<Served<IsolateResult>>,
): Promise<Served<IsolateResult>> {
  // PERF: with a new object for each unit, V8 makes slower code: 6 % more CPU time for 20,000 small files.
  const context = isolate.idle.pop() ?? contextOfUnit(isolate);
  const result = await resultOf(context, work, (part) =>
    onPart?.({ result: part, gains: takeGains(context) }),
  );
  result.findings.spared.push(...context.spared.splice(0));
  // What it has planned is not carried out.
  if (result.fatal !== undefined) context.plan.takeRecords();
  const gains = takeGains(context);
  isolate.idle.push(context);
  return { result, gains };
}

/** An error that ends the run crosses the isolates as data, and the main thread throws it again. */
async function resultOf(
  context: WorkerContext,
  work: IsolateUnit,
  onPart: OnPart<IsolateResult>,
): Promise<IsolateResult> {
  try {
    return await serve(context, work, onPart);
  } catch (error) {
    if (!(error instanceof FatalError || error instanceof LocationError)) throw error;
    const { message, code = '', path = '', syscall = '' } = error;
    return {
      unit: work.unit,
      findings: newFindings(),
      fatal: { message, code, path, syscall, isOfRoots: error instanceof LocationError },
    } as IsolateResult;
  }
}

function takeGains({ counters, fileSizes, fingerprints, verified, filters }: WorkerContext): Gains {
  return {
    counts: counters.take(),
    fileSizes: (fileSizes.preparing ?? fileSizes.verifying)?.take(),
    fingerprints: fingerprints.take(),
    verified: verified?.take() ?? [],
    ruleMatches: filters.matches?.take(),
  };
}
