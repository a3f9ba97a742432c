/** The worker's side of a large file's copy, middle part: one range. */
import { Interrupted } from '../../model/run/errors.ts';
import type { CopiedContent } from '../../filesystem/copy/copy-content.ts';
import { copyPart } from '../../filesystem/copy/copy-part.ts';
import { SystemError } from '../../linux/system-error.ts';
import { closeRead, reopenForReading } from '../../filesystem/open-file.ts';
import { childPath, type OpenFile } from '../../filesystem/root.ts';
import { newFindings } from '../../engine/messages/findings.ts';
import type { CopyFailure, CopyRangeStep, CopyRangeResult } from '../../engine/messages/copy-steps.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { TransferCount } from './scope/transfer-count.ts';

export async function serveCopyRange(context: WorkerContext, work: CopyRangeStep): Promise<CopyRangeResult> {
  const { directoryPath, change } = work.file;
  const path = childPath(directoryPath, change.name);
  const source: OpenFile = { linux: context.source.linux, fd: work.opened.sourceFd, path };
  const count = new TransferCount(context);
  const slot = context.syncing.writing.begin(path);
  let copied: CopiedContent = { writtenBytes: 0, endBytes: work.range.offset, growsInOrder: false };
  let failure: CopyFailure | undefined;
  try {
    copied = await copyFrom(context, work, { source, count });
  } catch (error) {
    failure = failureOf(error);
  } finally {
    context.syncing.writing.end(slot);
  }
  const { countedBytes } = count;
  return { unit: 'copyRange', findings: newFindings(), ...copied, countedBytes, failure };
}

async function copyFrom(
  context: WorkerContext,
  { file, opened, range }: CopyRangeStep,
  { source, count }: { source: OpenFile; count: TransferCount },
): Promise<CopiedContent> {
  const { sizeBytes, blocks } = file.change.source;
  const destination: OpenFile = {
    linux: context.destination.linux,
    fd: opened.destinationFd,
    path: source.path,
    side: 'destination',
  };
  const own = await reopenForReading(source, context.settings.preserve.atime);
  try {
    return await copyPart(own, destination, {
      sizeBytes,
      blocks,
      range,
      holes: opened.holes,
      inPlace: opened.destination.inPlace,
      makesHoles: context.settings.sparse,
      pace: count.pace,
      onBytes: (bytes) => count.add(bytes),
    });
  } finally {
    if (own.fd !== source.fd) await closeRead(own);
  }
}

/** Turns a failure into plain data, and rethrows any other error: that is a bug. */
function failureOf(error: unknown): CopyFailure {
  if (error instanceof Interrupted) return 'interrupted';
  if (!(error instanceof SystemError)) throw error;
  const { errno, syscall, path, side } = error;
  return { errno, syscall, path, side };
}
