/** The worker's side of a large file's copy, first part: opens both files for all workers. */
import { findHoles } from '../../filesystem/copy/copy-part.ts';
import { closeRead, openForReading } from '../../filesystem/open-file.ts';
import { isUnsettled } from '../../policy/compare/fingerprint.ts';
import { retrying } from '../../engine/context/retrying.ts';
import type { OpenCopy, OpenCopyStep, OpenCopyResult, LargeCopy } from '../../engine/messages/copy-steps.ts';
import { closeBoth, openBoth, sideOf, type BothDirectories } from '../../engine/march/both-sides.ts';
import { retryInDirectory } from '../../engine/march/fresh-lookup.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { applyWithRetries } from './apply-change.ts';
import { whereFilesBegin } from './apply-section.ts';
import { addProblem, newApplyingScope, type ApplyingScope } from './scope/applying-scope.ts';
import { type ChangePlace, Creations } from './names/change-place.ts';
import { openDestination } from './files/destination-file.ts';

export async function serveOpenCopy(context: WorkerContext, { file }: OpenCopyStep): Promise<OpenCopyResult> {
  const scope = newApplyingScope(context);
  const opened = await openCopy(scope, file);
  return { unit: 'openCopy', findings: scope.findings, opened };
}

/** Undefined: a Problem was noted, or a retry in this worker has copied the file. */
async function openCopy(scope: ApplyingScope, file: LargeCopy): Promise<OpenCopy | undefined> {
  try {
    const both = await retrying(scope.context, () => openBoth(scope.context, file.directoryPath));
    return await openWithin(scope, file, both);
  } catch (error) {
    await addProblem(scope, error, {
      side: sideOf(error) ?? 'destination',
      path: file.directoryPath,
      attempt: 'open',
    });
    return undefined;
  }
}

/** The directories stay open with the files. */
async function openWithin(
  scope: ApplyingScope,
  file: LargeCopy,
  both: BothDirectories,
): Promise<OpenCopy | undefined> {
  let opened: OpenCopy | undefined;
  try {
    const { createdGid, elsewhere: staging } = await retryInDirectory(
      scope.context,
      'destination',
      both.destination,
      (directory) => whereFilesBegin(scope, directory),
    );
    const place = changePlaceOf(file, { ...both, createdGid, staging });
    await applyWithRetries(scope, place, async (attempt) => {
      opened = await openFiles(attempt, place);
      return undefined;
    });
  } finally {
    if (opened === undefined) await closeBoth(both);
  }
  return opened;
}

export function changePlaceOf(
  { change }: LargeCopy,
  within: Pick<ChangePlace, 'source' | 'destination' | 'createdGid' | 'staging'>,
): ChangePlace {
  return {
    ...within,
    change,
    hidden: undefined,
    creations: new Creations(),
    at: { side: 'destination' },
  };
}

async function openFiles(scope: ApplyingScope, place: ChangePlace): Promise<OpenCopy> {
  const { change, createdGid } = place;
  place.at.side = 'source';
  const source = await openForReading(place.source, change.name, scope.context.settings.preserve.atime);
  try {
    const holes = await findHoles(source, change.source);
    place.at.side = 'destination';
    const { file, directory, ...destination } = await openDestination(scope, place, source);
    return {
      sourceDirectoryFd: place.source.fd,
      destinationDirectoryFd: place.destination.fd,
      createdGid,
      sourceFd: source.fd,
      destinationFd: file.fd,
      destination,
      isElsewhere: directory.fd !== place.destination.fd,
      holes,
      isYoung: isUnsettled(change.source, Date.now()),
    };
  } catch (error) {
    await closeRead(source);
    throw error;
  }
}
