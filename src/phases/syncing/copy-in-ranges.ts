/**
 * Has all workers copy a large file. The main isolate hands out one unit after the other, so no worker
 * waits for another, and what was opened is closed whatever happens to a range.
 */
import { forEachLane } from '../../flow/lanes.ts';
import { byteRanges } from '../../policy/byte-ranges.ts';
import { SHARED_JOBS_AT_ONCE } from '../plan/share-out.ts';
import { runUnitAnyway, type Run } from '../run.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import type { CopiedBytes, CopyFailure, LargeCopy, OpenCopy } from './large-copy.ts';

/** @throws FatalError, Interrupted */
export async function copyInRanges(run: Run, file: LargeCopy): Promise<void> {
  throwIfStopped(run);
  const { opened } = await runUnitAnyway(run, { unit: 'openCopy', file });
  if (opened === undefined) return;
  const copied = await copyRanges(run, file, opened);
  await runUnitAnyway(run, { unit: 'finishCopy', file, opened, ...copied });
  throwIfStopped(run);
}

interface CopiedRanges extends CopiedBytes {
  /** From the start of the file, without a gap. */
  readonly wholeBytes: number;
}

/** The first failure ends it: no range begins any more, and those under way are waited for. */
async function copyRanges(run: Run, file: LargeCopy, opened: OpenCopy): Promise<CopiedRanges> {
  const { sizeBytes } = file.change.source;
  const { resumedBytes } = opened.destination;
  let wholeBytes = sizeBytes;
  let writtenBytes = 0;
  let countedBytes = 0;
  let failure: CopyFailure | undefined;
  const ranges = byteRanges(sizeBytes, {
    startBytes: resumedBytes ?? 0,
    isResumable: resumedBytes !== undefined,
  });
  await forEachLane(ranges, copiesAtOnce(run).ranges, async (range) => {
    if (run.stop.isRaised) failure ??= 'interrupted';
    if (failure !== undefined) {
      wholeBytes = Math.min(wholeBytes, range.offset);
      return;
    }
    const copied = await runUnitAnyway(run, { unit: 'copyRange', file, opened, range });
    writtenBytes += copied.writtenBytes;
    countedBytes += copied.countedBytes;
    failure ??= copied.failure;
    // Of a range that failed what was counted was written, and all before it.
    const endBytes = copied.failure === undefined ? copied.endBytes : range.offset + copied.countedBytes;
    if (endBytes < range.end) wholeBytes = Math.min(wholeBytes, endBytes);
  });
  return { wholeBytes, writtenBytes, countedBytes, failure };
}

export interface AtOnce {
  readonly files: number;
  /** Of each. */
  readonly ranges: number;
}

/**
 * As few files as keep all workers busy: of each that is under way an interrupted run has nothing to show.
 * PERF: where only one call at a time can write to a file that is one a worker. 60 files of 100 MiB on ext4 take
 * 3.0 s so, and 3.2 with two workers on one after the other; a single file takes as long either way.
 */
export function copiesAtOnce({ source, destination, crew }: Run): AtOnce {
  const isCopiedInKernel = source.device === destination.device;
  return isCopiedInKernel && destination.copiesUnderFileLock
    ? { files: crew.count, ranges: 1 }
    : { files: SHARED_JOBS_AT_ONCE, ranges: crew.unitsUnderWay };
}
