/**
 * The worker's side of a large file's copy, last part: sets metadata and moves it into place, or removes it.
 */
import { Interrupted } from '../../model/run/errors.ts';
import { truncate } from '../../filesystem/copy/make-holes.ts';
import { type CopiedContent, endSeen } from '../../filesystem/copy/copy-content.ts';
import { finishParts } from '../../filesystem/copy/copy-part.ts';
import { checkFile, SystemError } from '../../linux/system-error.ts';
import { closeDirectory, openDirectory } from '../../filesystem/open-directory.ts';
import { closeRead } from '../../filesystem/open-file.ts';
import { childPath, type OpenDirectory, type OpenFile } from '../../filesystem/root.ts';
import { takeStats, releaseStats } from '../../filesystem/entry-stat.ts';
import type { Findings } from '../../engine/messages/findings.ts';
import type { CounterName } from '../../model/tally.ts';
import type { FinishCopyStep } from '../../engine/messages/copy-steps.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { applyWithRetries } from './apply-change.ts';
import { addProblem, type ApplyingScope, newApplyingScope } from './scope/applying-scope.ts';
import type { ChangePlace } from './names/change-place.ts';
import { ownTemporaries } from './names/own-temporaries.ts';
import { Staging } from './names/staging.ts';
import type { DestinationFile } from './files/destination-file.ts';
import { changePlaceOf } from './open-copy.ts';
import { TransferCount } from './scope/transfer-count.ts';
import { finishFile } from './files/write-file.ts';

export async function serveFinishCopy(context: WorkerContext, work: FinishCopyStep): Promise<Findings> {
  const scope = newApplyingScope(context);
  const { directoryPath: path } = work.file;
  const { sourceDirectoryFd, destinationDirectoryFd, createdGid } = work.opened;
  const held: OpenDirectory = { linux: context.source.linux, fd: sourceDirectoryFd, path };
  const source = await openHere(context, held);
  const destination: OpenDirectory = { linux: context.destination.linux, fd: destinationDirectoryFd, path };
  try {
    try {
      const elsewhere = work.opened.isElsewhere ? ownTemporaries(context) : undefined;
      const staging = elsewhere && new Staging([elsewhere], true);
      const place = changePlaceOf(work.file, { source, destination, createdGid, staging });
      await applyWithRetries(scope, place, (attempt) => finish(attempt, place, work));
    } finally {
      await closeDirectory(destination);
      await closeDirectory(source);
    }
  } catch (error) {
    await addProblem(scope, error, { side: 'destination', path, attempt: 'open' });
  }
  return scope.findings;
}

/** `--copy-unsafe-links`: the isolate that judges a link must have opened its directory itself. */
async function openHere(context: WorkerContext, held: OpenDirectory): Promise<OpenDirectory> {
  if (!context.settings.copyUnsafeLinks) return held;
  try {
    const own = await openDirectory(context.source, held.path);
    await closeDirectory(held);
    return own;
  } catch (error) {
    // Another try of the file opens it again, and reports why it cannot.
    if (error instanceof SystemError) return held;
    throw error;
  }
}

async function finish(
  scope: ApplyingScope,
  place: ChangePlace,
  work: FinishCopyStep,
): Promise<CounterName | undefined> {
  const { context } = scope;
  const { opened } = work;
  const path = childPath(place.source.path, place.change.name);
  const source: OpenFile = { linux: context.source.linux, fd: opened.sourceFd, path };
  const file: OpenFile = {
    linux: context.destination.linux,
    fd: opened.destinationFd,
    path,
    side: 'destination',
  };
  const directory = place.staging?.next() ?? place.destination;
  const destination: DestinationFile = { ...opened.destination, directory, file };
  const stats = takeStats();
  const count = new TransferCount(context, work.countedBytes);
  try {
    const { sparse } = context.settings;
    const takeParts = () => partsOf(place, { source, destination }, { makesHoles: sparse, ...work });
    const isInPlace = await finishFile(scope, place, {
      source, destination, stats, count, takeParts, isYoung: opened.isYoung,
    }); // prettier-ignore
    return isInPlace ? 'filesTransferred' : undefined;
  } finally {
    releaseStats(stats);
    await closeRead(source);
  }
}

/** @throws the error that ended a range */
async function partsOf(
  { change }: ChangePlace,
  {
    source,
    destination: { file, inPlace, resumedBytes },
  }: { source: OpenFile; destination: DestinationFile },
  { failure, writtenBytes, wholeBytes, growsInOrder, makesHoles }: FinishCopyStep & { makesHoles: boolean },
): Promise<CopiedContent> {
  if (failure === 'interrupted') {
    // The next run takes the partial file as complete up to its end: cut it at the first gap.
    if (resumedBytes !== undefined) await truncate(file, wholeBytes);
    throw new Interrupted('interrupted');
  }
  if (failure !== undefined) checkFile(failure.errno, failure.syscall, failure);
  const { sizeBytes, blocks } = change.source;
  const isCut = await finishParts(file, { sizeBytes, blocks, inPlace, makesHoles });
  const endBytes = await endSeen(source, wholeBytes, sizeBytes);
  return { writtenBytes, endBytes, growsInOrder: growsInOrder && !isCut };
}
