/** Serves one unit of whatever phase, in a worker isolate or in the main one. */
import { FatalError, LocationError } from '../errors.ts';
import { newFindings } from './findings.ts';
import { servePlanFile } from './preparing/serve-plan-file.ts';
import { servePrepare } from './preparing/serve-prepare.ts';
import { serveScan } from './scanning/serve-scan.ts';
import { serveCopyRange } from './syncing/copy-large-range.ts';
import { serveFinishCopy } from './syncing/finish-copy.ts';
import { serveOpenCopy } from './syncing/open-copy.ts';
import { serveApply } from './syncing/serve-apply.ts';
import type { UnitResult, WorkUnit } from './units.ts';
import { serveConcludeFile } from './verifying/serve-conclude-file.ts';
import { serveVerify, serveVerifySections } from './verifying/serve-verify.ts';
import { serveCompareRange } from './walking/serve-range.ts';
import type { WorkerContext } from './worker-context.ts';

async function serve(context: WorkerContext, work: WorkUnit): Promise<UnitResult> {
  switch (work.unit) {
    case 'prepare':
      return servePrepare(context, work);
    case 'verify':
      return serveVerify(context, work);
    case 'verifySections':
      return serveVerifySections(context, work);
    case 'scan':
      return serveScan(context, work);
    case 'planFile':
      return servePlanFile(context, work);
    case 'openCopy':
      return serveOpenCopy(context, work);
    case 'copyRange':
      return serveCopyRange(context, work);
    case 'finishCopy':
      return { unit: work.unit, findings: await serveFinishCopy(context, work) };
    case 'compareRange':
      return serveCompareRange(context, work);
    case 'concludeFile':
      return serveConcludeFile(context, work);
    default:
      return serveApply(context, work);
  }
}

/** What ends the run crosses the isolates as data: the main thread throws it again. */
export async function serveUnit(context: WorkerContext, work: WorkUnit): Promise<UnitResult> {
  try {
    return await serve(context, work);
  } catch (error) {
    if (!(error instanceof FatalError || error instanceof LocationError)) throw error;
    const { message, code = '', path = '', syscall = '' } = error;
    return {
      unit: work.unit,
      findings: newFindings(),
      fatal: { message, code, path, syscall, isOfRoots: error instanceof LocationError },
    } as UnitResult;
  }
}
