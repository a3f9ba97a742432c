/** Writes a regular file: its content, flushed if necessary, then its metadata, then the move into place. */
import { Interrupted } from '../../../model/run/errors.ts';
import { takeStats, releaseStats, statOpen } from '../../../filesystem/entry-stat.ts';
import { type StatBuffer } from '../../../linux/stat-buffer.ts';
import { check } from '../../../linux/system-error.ts';
import { closeRead, openForReading } from '../../../filesystem/open-file.ts';
import { hasSetIdBits, type Entry } from '../../../model/entry.ts';
import type { ApplyingScope } from '../scope/applying-scope.ts';
import { pathOf, type ChangePlace, failingSide } from '../names/change-place.ts';
import { abandon, type DestinationFile, givenMode, openDestination, putInPlace } from './destination-file.ts';
import { finishMetadata } from '../metadata/finish-metadata.ts';
import { endsRun } from '../scope/spent-destination.ts';
import { TransferCount } from '../scope/transfer-count.ts';
import { type Copying, copyUntilStable } from './copy-until-stable.ts';

/** True if the file is in place. @throws SystemError */
export async function writeFile(scope: ApplyingScope, place: ChangePlace): Promise<boolean> {
  place.at.side = 'source';
  const source = await openForReading(place.source, place.change.name, scope.context.settings.preserve.atime);
  const stats = takeStats();
  try {
    place.at.side = 'destination';
    const destination = await openDestination(scope, place, source);
    return await finishFile(scope, place, {
      source,
      destination,
      stats,
      count: new TransferCount(scope.context),
    });
  } finally {
    releaseStats(stats);
    await closeRead(source);
  }
}

/** Closes the destination. */
export async function finishFile(
  scope: ApplyingScope,
  place: ChangePlace,
  copying: Copying,
): Promise<boolean> {
  const { destination, count } = copying;
  try {
    const version = await copyUntilStable(scope, place, copying);
    if (version === undefined) {
      count.takeBack();
      await abandon(scope, place, destination);
      return false;
    }
    await setMetadata(scope, place, copying, version);
    await putInPlace(scope, place, destination);
    count.settle(version.sizeBytes);
    return true;
  } catch (error) {
    count.takeBack();
    // Ask before removing what was written, as that frees space.
    if (failingSide(error, place) === 'destination') await endsRun(scope.context, error, pathOf(place));
    const keep = error instanceof Interrupted ? place.change.source : undefined;
    await abandon(scope, place, destination, keep);
    throw error;
  }
}

async function setMetadata(
  scope: ApplyingScope,
  place: ChangePlace,
  { source, destination, stats }: Copying,
  version: Entry,
): Promise<void> {
  const { file } = destination;
  await finishMetadata(scope, {
    target: { linux: file.linux, fd: file.fd, path: file.path, isPathHandle: false },
    source: version,
    actual: await whatIsThere(place, destination, { stat: stats.destination, version }),
    keptMode: destination.keptMode,
    givenMode: givenMode(scope),
    attributeSource: source,
    isOurs: true,
  });
}

/**
 * Current owner and mode; unknown times are always set. Reads them again before set-id bits are granted: the
 * directory's owner may have turned on its set-group-id bit meanwhile.
 */
async function whatIsThere(
  { creations }: ChangePlace,
  { file, createdMode }: DestinationFile,
  { stat, version }: { stat: StatBuffer; version: Entry },
): Promise<Entry> {
  const mayBeKnown = createdMode !== undefined && !hasSetIdBits(version);
  const known = mayBeKnown ? creations.known(createdMode) : undefined;
  if (known !== undefined) return known;
  check(await statOpen(file, stat), 'statx', file.path);
  if (createdMode !== undefined) creations.note(createdMode, stat);
  return stat;
}
