/** The worker's side of a large file's copy, in between: one range. */
import { Interrupted } from '../../errors.ts';
import type { CopiedContent } from '../../filesystem/copy-content.ts';
import { copyPart } from '../../filesystem/copy-part.ts';
import { SystemError } from '../../filesystem/linux/system-error.ts';
import { closeRead, reopenForReading } from '../../filesystem/open-file.ts';
import { childPath, type OpenFile } from '../../filesystem/root.ts';
import { newFindings } from '../findings.ts';
import type { CopyRangeResult, CopyRangeUnit } from '../units.ts';
import type { WorkerContext } from '../worker-context.ts';
import type { CopyFailure } from './large-copy.ts';
import { TransferCount } from './transfer-count.ts';

export async function serveCopyRange(context: WorkerContext, work: CopyRangeUnit): Promise<CopyRangeResult> {
  const { directoryPath, change } = work.file;
  const path = childPath(directoryPath, change.name);
  const source: OpenFile = { linux: context.source.linux, fd: work.opened.sourceFd, path };
  const count = new TransferCount(context);
  const slot = context.writing.begin(path);
  let copied: CopiedContent = { writtenBytes: 0, endBytes: work.range.offset, growsInOrder: false };
  let failure: CopyFailure | undefined;
  try {
    copied = await copyFrom(context, work, { source, count });
  } catch (error) {
    failure = failureOf(error);
  } finally {
    context.writing.end(slot);
  }
  const { countedBytes } = count;
  return { unit: 'copyRange', findings: newFindings(), ...copied, countedBytes, failure };
}

async function copyFrom(
  context: WorkerContext,
  { file, opened, range }: CopyRangeUnit,
  { source, count }: { source: OpenFile; count: TransferCount },
): Promise<CopiedContent> {
  const { sizeBytes, blocks } = file.change.source;
  const destination = { linux: context.destination.linux, fd: opened.destinationFd, path: source.path };
  const own = await reopenForReading(source, context.settings.preserve.atime);
  try {
    return await copyPart(own, destination, {
      sizeBytes,
      blocks,
      range,
      holes: opened.holes,
      inPlace: opened.destination.inPlace,
      pace: count.pace,
      onBytes: (bytes) => count.add(bytes),
    });
  } finally {
    if (own.fd !== source.fd) await closeRead(own);
  }
}

/** As plain data. Anything else that was thrown is a bug and goes on up. */
function failureOf(error: unknown): CopyFailure {
  if (error instanceof Interrupted) return 'interrupted';
  if (!(error instanceof SystemError)) throw error;
  const { errno, syscall, path } = error;
  return { errno, syscall, path };
}
