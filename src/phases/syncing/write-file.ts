/** Copies a regular file: content, metadata, then the move into place. */
import { copyContent } from '../../filesystem/copy-content.ts';
import { restat } from '../../filesystem/entry-stat.ts';
import { check, EEXIST, ENOENT, SystemError } from '../../filesystem/linux/system-error.ts';
import {
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_WRONLY,
} from '../../filesystem/linux/constants.ts';
import { openForReading, withFile } from '../../filesystem/open-file.ts';
import { snapshotOf } from '../../filesystem/linux/stat-buffer.ts';
import { withStatPair, type StatPair } from '../../filesystem/stat-pair.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { isFile, permissionsOf, type Entry } from '../../model/entry.ts';
import { creationMode } from '../../policy/creation-mode.ts';
import { isSameVersion } from '../../policy/same-version.ts';
import { problemOf } from '../findings.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { atSource } from './failing-side.ts';
import { finishMetadata } from './finish-metadata.ts';
import { discard, moveIntoPlace, newTemporaryName } from './new-name.ts';
import { TransferCount } from './transfer-count.ts';

/** A source that changes while it is copied is copied again, this often in all. */
const COPY_TRIES = 3;

/** What is being written, and the name it has until it is moved into place. */
interface Writing {
  readonly file: OpenFile;
  readonly temporary: string | undefined;
  readonly inPlace: boolean;
  /** Descriptors are shared by all threads: closing one twice would close somebody else's. */
  isOpen: boolean;
}

/** True when the file is in place. @throws SystemError */
export async function writeFile(unit: ApplyingUnit, place: ChangePlace): Promise<boolean> {
  const { settings } = unit.context;
  const keepAtime = settings.preserve.atime;
  const source = await atSource(() => openForReading(place.source, place.change.name, keepAtime));
  return withFile(source, () => withStatPair((stats) => copyFrom(unit, place, { source, stats })));
}

async function copyFrom(
  unit: ApplyingUnit,
  place: ChangePlace,
  { source, stats }: Pick<Copying, 'source' | 'stats'>,
): Promise<boolean> {
  const writing = await createDestination(unit, place);
  const count = new TransferCount(unit.context);
  try {
    const version = await copyUntilStable(unit, place, { source, writing, count, stats });
    if (version === undefined) {
      count.takeBack();
      await abandon(place, writing);
      return false;
    }
    await complete(unit, place, { writing, version, stats });
    count.settle(version.sizeBytes);
    return true;
  } catch (error) {
    count.takeBack();
    await abandon(place, writing);
    throw error;
  }
}

/**
 * A name that is new in a directory this run made has no reader to protect: it is written at once, which
 * saves a rename, one round trip under the directory's lock. Its mtime comes last, so that a half file
 * left by a crash fails the next run's quick check.
 */
async function createDestination(unit: ApplyingUnit, place: ChangePlace): Promise<Writing> {
  const { change, isDirectoryNew } = place;
  const mayBeInPlace = unit.context.settings.inPlace && (change.differences & Difference.linkGroup) === 0;
  if (mayBeInPlace && (change.differences & (Difference.missing | Difference.kind)) === 0) {
    const file = await openExisting(place);
    if (file !== undefined) return { file, temporary: undefined, inPlace: true, isOpen: true };
  }
  if (isDirectoryNew && (change.differences & Difference.missing) !== 0) {
    const file = await create(unit, place, change.name);
    if (file !== undefined) return { file, temporary: undefined, inPlace: false, isOpen: true };
  }
  const temporary = newTemporaryName();
  const file = await create(unit, place, temporary);
  if (file === undefined) throw new SystemError(-EEXIST, 'openat', pathOf(place));
  return { file, temporary, inPlace: false, isOpen: true };
}

async function openExisting(place: ChangePlace): Promise<OpenFile | undefined> {
  const { linux, fd: directoryFd } = place.destination;
  const path = pathOf(place);
  const flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const fd = await linux.openat(directoryFd, place.change.name, flags, 0);
  if (fd === -ENOENT) return undefined;
  return { linux, fd: check(fd, 'openat', path), path };
}

/** Undefined: something is there already. */
async function create(unit: ApplyingUnit, place: ChangePlace, name: string): Promise<OpenFile | undefined> {
  const { linux, fd: directoryFd } = place.destination;
  const { source } = place.change;
  const owner = unit.context.wantedOwner(source);
  const { rights } = unit.context.setup;
  const ownerWillChange =
    (owner.uid !== undefined && owner.uid !== rights.uid) ||
    (owner.gid !== undefined && owner.gid !== rights.gid);
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const mode = creationMode(permissionsOf(source), ownerWillChange);
  const fd = await linux.openat(directoryFd, name, flags, mode);
  if (fd === -EEXIST) return undefined;
  return { linux, fd: check(fd, 'openat', pathOf(place)), path: pathOf(place) };
}

interface Copying {
  readonly source: OpenFile;
  readonly writing: Writing;
  readonly count: TransferCount;
  readonly stats: StatPair;
}

/**
 * The version that was copied whole: the source is looked at again after its last byte. Undefined, with a
 * Problem: it kept changing.
 */
async function copyUntilStable(
  unit: ApplyingUnit,
  place: ChangePlace,
  { source, writing, count, stats }: Copying,
): Promise<Entry | undefined> {
  let version = place.change.source;
  for (let tries = 1; ; tries++) {
    const written = await copyContent(source, writing.file, {
      sizeBytes: version.sizeBytes,
      blocks: version.blocks,
      inPlace: writing.inPlace || tries > 1,
      onBytes: (bytes) => count.add(bytes),
    });
    count.addWritten(written);
    await atSource(() => restat(source, stats.source));
    if (isSameVersion(version, stats.source)) return version;
    if (!isFile(stats.source) || tries === COPY_TRIES) break;
    version = snapshotOf(stats.source);
    count.takeBack();
  }
  const at = { phase: 'syncing', side: 'source', path: pathOf(place), attempt: 'copy' } as const;
  unit.findings.problems.push(problemOf('changed', at, 'it kept changing while it was copied'));
  return undefined;
}

async function complete(
  unit: ApplyingUnit,
  place: ChangePlace,
  { writing, version, stats }: { writing: Writing; version: Entry; stats: StatPair },
): Promise<void> {
  const { file, temporary } = writing;
  const { linux, fd, path } = file;
  const name = temporary ?? place.change.name;
  await restat(file, stats.destination);
  await finishMetadata(unit, {
    target: { linux, fd, path, isPathHandle: false },
    source: version,
    actual: stats.destination,
    attributes: {
      sourceDirectory: place.source,
      sourceName: place.change.name,
      destinationDirectory: place.destination,
      destinationName: name,
    },
  });
  if (unit.context.settings.fsync) check(await linux.fsync(fd), 'fsync', path);
  writing.isOpen = false;
  // NFS: errors of earlier writes appear here.
  check(await linux.close(fd), 'close', path);
  if (temporary !== undefined) await moveIntoPlace(place.destination, temporary, place.change.name);
}

/** What was written in place stays: there is no other copy of it. */
async function abandon(place: ChangePlace, writing: Writing): Promise<void> {
  const { file, temporary, inPlace } = writing;
  if (writing.isOpen) await file.linux.close(file.fd);
  if (!inPlace) await discard(place.destination, temporary ?? place.change.name);
}
