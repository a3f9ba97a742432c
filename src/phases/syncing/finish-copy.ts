/** The worker's side of a large file's copy, last: metadata and the move into place, or none of it is left. */
import { Interrupted } from '../../errors.ts';
import { truncate } from '../../filesystem/clear-range.ts';
import type { CopiedContent } from '../../filesystem/copy-content.ts';
import { finishParts } from '../../filesystem/copy-part.ts';
import { SystemError } from '../../filesystem/linux/system-error.ts';
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { closeRead } from '../../filesystem/open-file.ts';
import type { OpenDirectory, OpenFile } from '../../filesystem/root.ts';
import { childPath } from '../../filesystem/root.ts';
import { releaseStats, takeStats } from '../../filesystem/stat-pair.ts';
import type { Findings } from '../findings.ts';
import type { CounterName } from '../../model/tally.ts';
import type { FinishCopyUnit } from '../units.ts';
import type { WorkerContext } from '../worker-context.ts';
import { applyWithRetries } from './apply-change.ts';
import { addProblem, newApplyingUnit, type ApplyingUnit } from './apply-unit.ts';
import type { ChangePlace } from './change-place.ts';
import type { DestinationFile } from './destination-file.ts';
import { placeOf } from './open-copy.ts';
import { TransferCount } from './transfer-count.ts';
import { finishFile } from './write-file.ts';

export async function serveFinishCopy(context: WorkerContext, work: FinishCopyUnit): Promise<Findings> {
  const unit = newApplyingUnit(context);
  const { directoryPath: path } = work.file;
  const { sourceDirectoryFd, destinationDirectoryFd, createdGid } = work.opened;
  const source: OpenDirectory = { linux: context.source.linux, fd: sourceDirectoryFd, path };
  const destination: OpenDirectory = { linux: context.destination.linux, fd: destinationDirectoryFd, path };
  try {
    try {
      const place = placeOf(work.file, { source, destination, createdGid });
      await applyWithRetries(unit, place, (attempt) => finish(attempt, place, work));
    } finally {
      await closeDirectory(destination);
      await closeDirectory(source);
    }
  } catch (error) {
    await addProblem(unit, error, { side: 'destination', path, attempt: 'open' });
  }
  return unit.findings;
}

async function finish(
  unit: ApplyingUnit,
  place: ChangePlace,
  work: FinishCopyUnit,
): Promise<CounterName | undefined> {
  const { context } = unit;
  const { opened } = work;
  const path = childPath(place.source.path, place.change.name);
  const source: OpenFile = { linux: context.source.linux, fd: opened.sourceFd, path };
  const file: OpenFile = { linux: context.destination.linux, fd: opened.destinationFd, path };
  const destination: DestinationFile = { ...opened.destination, directory: place.destination, file };
  const stats = takeStats();
  const count = new TransferCount(context, work.countedBytes);
  try {
    const takeParts = () => partsOf(place, destination, work);
    const isInPlace = await finishFile(unit, place, { source, destination, stats, count, takeParts });
    return isInPlace ? 'filesTransferred' : undefined;
  } finally {
    releaseStats(stats);
    await closeRead(source);
  }
}

/** @throws what ended a range */
async function partsOf(
  { change }: ChangePlace,
  { file, inPlace, resumedBytes }: DestinationFile,
  { failure, writtenBytes, wholeBytes, growsInOrder }: FinishCopyUnit,
): Promise<CopiedContent> {
  if (failure === 'interrupted') {
    // The next run takes what is kept for copied from its start to its end.
    if (resumedBytes !== undefined) await truncate(file, wholeBytes);
    throw new Interrupted('interrupted');
  }
  if (failure !== undefined) throw new SystemError(failure.errno, failure.syscall, failure.path);
  const { sizeBytes, blocks } = change.source;
  const isCut = await finishParts(file, { sizeBytes, blocks, inPlace });
  return { writtenBytes, endBytes: wholeBytes, growsInOrder: growsInOrder && !isCut };
}
