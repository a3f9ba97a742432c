/** Copies a regular file: content, on the disk where it must be, then metadata, then the move into place. */
import { Interrupted } from '../../errors.ts';
import { copyContent, type CopiedContent } from '../../filesystem/copy-content.ts';
import { refuseUncountable, statOpen, type Freshness } from '../../filesystem/entry-stat.ts';
import { snapshotOf, type StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { check } from '../../filesystem/linux/system-error.ts';
import { flushFile } from '../../filesystem/flush-file.ts';
import { closeRead, openForReading } from '../../filesystem/open-file.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import { releaseStats, takeStats, type StatPair } from '../../filesystem/stat-pair.ts';
import { sleep } from '../../flow/sleep.ts';
import { hasSetIdBits, isFile, type Entry } from '../../model/entry.ts';
import { isSameVersion } from '../../policy/same-version.ts';
import { problemOf } from '../findings.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { failingSide, pathOf, type ChangePlace } from './change-place.ts';
import { abandon, openDestination, putInPlace, type DestinationFile } from './destination-file.ts';
import { finishMetadata } from './finish-metadata.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import { endsRun } from './spent-destination.ts';
import { TransferCount } from './transfer-count.ts';

/** A source that changes while it is copied is copied again, this often in all. */
const COPY_TRIES = 3;
/**
 * A write moves ctime first and the content after it, and kernels before 6.13 count ctime in ticks of up to
 * 10 ms: what is older than this when its copy begins shows every write that the copy may have met.
 */
const SETTLE_MS = 20;

interface Copying {
  readonly source: OpenFile;
  readonly destination: DestinationFile;
  readonly stats: StatPair;
  readonly count: TransferCount;
  /** What is done at first instead of copying: gives what all workers have written. */
  readonly takeParts?: () => Promise<CopiedContent>;
}

/** True when the file is in place. @throws SystemError */
export async function writeFile(unit: ApplyingUnit, place: ChangePlace): Promise<boolean> {
  place.at.side = 'source';
  const source = await openForReading(place.source, place.change.name, unit.context.settings.preserve.atime);
  const stats = takeStats();
  try {
    place.at.side = 'destination';
    const destination = await openDestination(unit, place, source);
    return await finishFile(unit, place, {
      source,
      destination,
      stats,
      count: new TransferCount(unit.context),
    });
  } finally {
    releaseStats(stats);
    await closeRead(source);
  }
}

/** Closes the destination. */
export async function finishFile(unit: ApplyingUnit, place: ChangePlace, copying: Copying): Promise<boolean> {
  const { destination, count } = copying;
  try {
    const version = await copyUntilStable(unit, place, copying);
    if (version === undefined) {
      count.takeBack();
      await abandon(unit, place, destination);
      return false;
    }
    await setMetadata(unit, place, copying, version);
    await putInPlace(place, destination);
    count.settle(version.sizeBytes);
    return true;
  } catch (error) {
    count.takeBack();
    // Before what was written goes, which makes room.
    if (failingSide(error, place) === 'destination') await endsRun(unit.context, error, pathOf(place));
    const keep = error instanceof Interrupted ? place.change.source : undefined;
    await abandon(unit, place, destination, keep);
    throw error;
  }
}

/**
 * The version that was copied whole: the source is looked at again after its last byte. Undefined, with a
 * Problem: it kept changing, or could not be read to its end. Where a crash of the machine could leave a file
 * that only looks complete, its content is on the disk now, before its mtime says that it is.
 */
async function copyUntilStable(
  unit: ApplyingUnit,
  place: ChangePlace,
  copying: Copying,
): Promise<Entry | undefined> {
  const { source, stats, count, takeParts } = copying;
  let version = place.change.source;
  const freshness = freshnessOfLastLook(unit);
  for (let tries = 1; ; tries++) {
    const startBytes = tries > 1 ? 0 : (copying.destination.resumedBytes ?? 0);
    const { writtenBytes, endBytes, growsInOrder } =
      tries === 1 && takeParts !== undefined
        ? await takeParts()
        : await copyVersion(copying, { version, startBytes, isAgain: tries > 1 });
    count.addWritten(writtenBytes);
    place.at.side = 'source';
    check(await statOpen(source, stats.source, freshness), 'statx', source.path);
    place.at.side = 'destination';
    const isSame = isSameVersion(version, stats.source);
    if (isSame && endBytes === version.sizeBytes) {
      if (unit.context.settings.fsync || !growsInOrder) {
        await flushFile(copying.destination.file, endBytes, () => throwIfStopped(unit.context));
      }
      return version;
    }
    if (!isFile(stats.source) || tries === COPY_TRIES) {
      addUnstable(unit, place, isSame);
      return undefined;
    }
    refuseUncountable(stats.source, source.path);
    version = snapshotOf(stats.source);
    count.takeBack();
    await sleep(SETTLE_MS);
  }
}

function addUnstable(unit: ApplyingUnit, place: ChangePlace, isSame: boolean): void {
  const at = { phase: 'syncing', side: 'source', path: pathOf(place), attempt: 'copy' } as const;
  unit.findings.problems.push(
    isSame
      ? problemOf('failed', at, 'its file system gives fewer bytes than it says the file has')
      : problemOf('changed', at, 'it kept changing while it was copied'),
  );
}

/** NFS: Verifying asks the server; where it is turned off, this is the last look at the source. */
function freshnessOfLastLook({ context }: ApplyingUnit): Freshness {
  const isLast = context.settings.verify === 'none';
  return isLast && !context.setup.source.readsBringAttributes ? 'server' : 'cached';
}

function copyVersion(
  { source, destination, count }: Copying,
  { version, startBytes, isAgain }: { version: Entry; startBytes: number; isAgain: boolean },
): Promise<CopiedContent> {
  return copyContent(source, destination.file, {
    sizeBytes: version.sizeBytes,
    blocks: version.blocks,
    inPlace: destination.inPlace || isAgain,
    startBytes,
    pace: count.pace,
    onBytes: (bytes) => count.add(bytes),
  });
}

async function setMetadata(
  unit: ApplyingUnit,
  place: ChangePlace,
  { source, destination, stats }: Copying,
  version: Entry,
): Promise<void> {
  const { file } = destination;
  await finishMetadata(unit, {
    target: { linux: file.linux, fd: file.fd, path: file.path, isPathHandle: false },
    source: version,
    actual: await whatIsThere(place, destination, { stat: stats.destination, version }),
    keptMode: destination.keptMode,
    attributeSource: source,
    isOurs: true,
  });
}

/**
 * Owner and mode as they are now; times may be left out, which has them set. Who owns the directory may
 * turn its set-group-id bit on meanwhile: before set-id bits are given nothing is taken for known.
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
