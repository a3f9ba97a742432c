/** The worker's side of a large file's copy, first: opens both files, for all workers to use. */
import { findHoles } from '../../filesystem/copy-part.ts';
import { closeRead, openForReading } from '../../filesystem/open-file.ts';
import { retrying } from '../retrying.ts';
import type { OpenCopyResult, OpenCopyUnit } from '../units.ts';
import { closeBoth, openBoth, sideOf, type BothDirectories } from '../walking/both-sides.ts';
import { retryInDirectory } from '../walking/fresh-lookup.ts';
import type { WorkerContext } from '../worker-context.ts';
import { applyWithRetries } from './apply-change.ts';
import { createdGidIn } from './apply-section.ts';
import { addProblem, newApplyingUnit, type ApplyingUnit } from './apply-unit.ts';
import type { ChangePlace } from './change-place.ts';
import { Creations } from './creations.ts';
import { openDestination } from './destination-file.ts';
import type { LargeCopy, OpenCopy } from './large-copy.ts';

export async function serveOpenCopy(context: WorkerContext, { file }: OpenCopyUnit): Promise<OpenCopyResult> {
  const unit = newApplyingUnit(context);
  const opened = await openCopy(unit, file);
  return { unit: 'openCopy', findings: unit.findings, opened };
}

/** Undefined: a Problem was noted, or what failed passed and this worker has copied the file. */
async function openCopy(unit: ApplyingUnit, file: LargeCopy): Promise<OpenCopy | undefined> {
  try {
    const both = await retrying(unit.context, () => openBoth(unit.context, file.directoryPath));
    return await openWithin(unit, file, both);
  } catch (error) {
    await addProblem(unit, error, {
      side: sideOf(error) ?? 'destination',
      path: file.directoryPath,
      attempt: 'open',
    });
    return undefined;
  }
}

/** The directories stay open where the files do. */
async function openWithin(
  unit: ApplyingUnit,
  file: LargeCopy,
  both: BothDirectories,
): Promise<OpenCopy | undefined> {
  let opened: OpenCopy | undefined;
  try {
    const createdGid = await retryInDirectory(unit.context, 'destination', both.destination, (directory) =>
      createdGidIn(unit, directory),
    );
    const place = placeOf(file, { ...both, createdGid });
    await applyWithRetries(unit, place, async (attempt) => {
      opened = await openFiles(attempt, place);
      return undefined;
    });
  } finally {
    if (opened === undefined) await closeBoth(both);
  }
  return opened;
}

export function placeOf(
  { change }: LargeCopy,
  within: Pick<ChangePlace, 'source' | 'destination' | 'createdGid'>,
): ChangePlace {
  return {
    ...within,
    change,
    hidden: undefined,
    creations: new Creations(),
    staging: undefined,
    at: { side: 'destination' },
  };
}

async function openFiles(unit: ApplyingUnit, place: ChangePlace): Promise<OpenCopy> {
  const { change, createdGid } = place;
  place.at.side = 'source';
  const source = await openForReading(place.source, change.name, unit.context.settings.preserve.atime);
  try {
    const holes = await findHoles(source, change.source);
    place.at.side = 'destination';
    const { file, directory: _, ...destination } = await openDestination(unit, place, source);
    return {
      sourceDirectoryFd: place.source.fd,
      destinationDirectoryFd: place.destination.fd,
      createdGid,
      sourceFd: source.fd,
      destinationFd: file.fd,
      destination,
      holes,
    };
  } catch (error) {
    await closeRead(source);
    throw error;
  }
}
