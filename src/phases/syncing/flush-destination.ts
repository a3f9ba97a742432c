/**
 * The end of Syncing: everything written is flushed to the disk, names and deletions included, or the run
 * fails.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { FatalError, Interrupted } from '../../model/run/errors.ts';
import { flushFileSystem, withMountPoint } from '../../filesystem/flush/flush-file-system.ts';
import { SystemError } from '../../linux/system-error.ts';
import { mountsBelow, readMounts } from '../../filesystem/mounts/mounts.ts';
import { namesBelow } from '../../filesystem/real-paths.ts';
import { displayName } from '../../model/display-name.ts';
import { fileSystemOf } from '../../model/file-systems.ts';
import type { Mount } from '../../model/run/location.ts';
import type { CounterName } from '../../model/tally.ts';
import { reachesBy } from '../../policy/filter/path-selection.ts';
import type { Run } from '../../engine/context/run.ts';

/** A file system that this run changed. `path` is its mount point, or the destination. */
interface WrittenFileSystem {
  readonly fd: number;
  readonly path: ByteString;
  readonly isRemote: boolean;
}

const NOT_FLUSHED =
  'not flushed to disk: if the machine crashes, the last changes may be lost (--verify=none without --fsync)';

/** @throws FatalError, Interrupted */
export async function flushDestination(run: Run): Promise<void> {
  if (!hasWritten(run)) return;
  const { verify, fsync } = run.task.settings;
  if (verify === 'none' && !fsync) {
    run.results.notes.push(NOT_FLUSHED);
    return;
  }
  const { fd, path, mount, isRemote } = run.destination;
  if (!isInMemory(mount)) await flush(run, { fd, path, isRemote });
  for (const below of mountsWrittenTo(run)) if (!isInMemory(below)) await flushMount(run, below);
}

/**
 * Its content does not survive a crash, so flushing is useless. PERF: the call's thread pool takes 10 ms to
 * start, another process 50.
 */
function isInMemory(mount: Mount | undefined): boolean {
  return fileSystemOf(mount).isInMemory;
}

const WRITES: readonly CounterName[] = [
  'bytesWritten',
  'filesTransferred',
  'entriesCreated',
  'entriesAdjusted',
  'entriesLinked',
  'filesMoved',
  'entriesDeleted',
];

function hasWritten({ counters }: Run): boolean {
  const tally = counters.totals();
  return WRITES.some((name) => tally[name] > 0);
}

/** Only mounts that the run wrote to: a dead server elsewhere must not hold it up. */
function mountsWrittenTo({ destination: { realPath }, task: { settings } }: Run): Mount[] {
  if (settings.oneFileSystem) return [];
  const isReached = reachesBy(settings, 'destination');
  return mountsBelow(readMounts(), realPath).filter(({ mountPoint }) =>
    isReached(namesBelow(mountPoint, realPath)),
  );
}

async function flushMount(run: Run, { mountPoint, isRemote }: Mount): Promise<void> {
  try {
    await withMountPoint(mountPoint, (fd) => flush(run, { fd, path: mountPoint, isRemote }));
  } catch (error) {
    throw error instanceof SystemError ? cannotFlush(error) : error;
  }
}

async function flush(run: Run, { fd, path, isRemote }: WrittenFileSystem): Promise<void> {
  let result = await unlessStopped(run, flushFileSystem(fd));
  // NFS: close has already reported each lost write of this run. The first syncfs may report an older error
  // that nobody has read, such as that of a run on a full disk. So only a second error counts.
  if (result < 0 && isRemote) result = await unlessStopped(run, flushFileSystem(fd));
  if (result < 0) throw cannotFlush(new SystemError(result, 'syncfs', path));
}

function cannotFlush(error: SystemError): FatalError {
  const what = `the file system of ${displayName(error.path)}`;
  return new FatalError(`cannot flush ${what} to the disk: ${error.reason}`, error);
}

const LOOK_INTERVAL_MS = 50;

/** On a stop, stops waiting; the call itself cannot be cancelled. @throws Interrupted */
async function unlessStopped<T>(run: Run, call: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (run.stop.isRaised) reject(new Interrupted('interrupted'));
    }, LOOK_INTERVAL_MS);
  });
  try {
    return await Promise.race([call, stopped]);
  } finally {
    clearInterval(timer);
  }
}
