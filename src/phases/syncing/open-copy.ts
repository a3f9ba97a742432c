/** The worker's side of a large file's copy, first: opens both files, for all workers to use. */
import { findHoles } from '../../filesystem/copy-part.ts';
import { closeDirectory, openDirectory } from '../../filesystem/open-directory.ts';
import { closeRead, openForReading } from '../../filesystem/open-file.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { childPath } from '../../filesystem/root.ts';
import { newFindings } from '../findings.ts';
import type { OpenCopyResult, OpenCopyUnit } from '../units.ts';
import type { WorkerContext } from '../worker-context.ts';
import { applyWithRetries } from './apply-change.ts';
import { createdGidIn } from './apply-section.ts';
import { addProblem, type ApplyingUnit } from './apply-unit.ts';
import type { ChangePlace } from './change-place.ts';
import { Creations } from './creations.ts';
import { openDestination } from './destination-file.ts';
import type { LargeCopy, OpenCopy } from './large-copy.ts';

export async function serveOpenCopy(context: WorkerContext, { file }: OpenCopyUnit): Promise<OpenCopyResult> {
  const unit: ApplyingUnit = { context, findings: newFindings() };
  const slot = context.activity.begin(`opening ${childPath(file.directoryPath, file.change.name)}`);
  try {
    return { unit: 'openCopy', findings: unit.findings, opened: await openCopy(unit, file) };
  } finally {
    context.activity.end(slot);
  }
}

/** Undefined: a Problem was noted, or what failed passed and this worker has copied the file. */
async function openCopy(unit: ApplyingUnit, file: LargeCopy): Promise<OpenCopy | undefined> {
  const { context } = unit;
  const directories: OpenDirectory[] = [];
  let opened: OpenCopy | undefined;
  try {
    for (const root of [context.source, context.destination]) {
      directories.push(await openDirectory(root, file.directoryPath));
    }
    const [source, destination] = directories as [OpenDirectory, OpenDirectory];
    const createdGid = await createdGidIn(unit, destination);
    const place = placeOf(file, { source, destination, createdGid });
    await applyWithRetries(unit, place, async () => {
      opened = await openFiles(unit, place);
    });
  } catch (error) {
    const side = directories.length === 0 ? 'source' : 'destination';
    addProblem(unit, error, { side, path: file.directoryPath, attempt: 'open' });
  } finally {
    if (opened === undefined) for (const directory of directories) await closeDirectory(directory);
  }
  return opened;
}

export function placeOf(
  { change, isDirectoryNew }: LargeCopy,
  within: Pick<ChangePlace, 'source' | 'destination' | 'createdGid'>,
): ChangePlace {
  return {
    ...within,
    change,
    isDirectoryNew,
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
    const { file, directory: _, ...destination } = await openDestination(unit, place);
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
