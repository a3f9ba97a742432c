/** The end of Syncing: what was written is on the disk, names and deletions included, or the run fails. */
import { FatalError, Interrupted } from '../../errors.ts';
import { flushFileSystem } from '../../filesystem/flush-file-system.ts';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from '../../filesystem/linux/constants.ts';
import { linuxCalls } from '../../filesystem/linux/linux.ts';
import { check, EACCES, ENOENT, ENOTDIR, SystemError } from '../../filesystem/linux/system-error.ts';
import { mountsBelow, readMounts } from '../../filesystem/mounts.ts';
import { closeQuietly } from '../../filesystem/open-directory.ts';
import { namesBelow } from '../../filesystem/real-paths.ts';
import { displayName } from '../../model/display-name.ts';
import type { Mount } from '../../model/location.ts';
import type { CounterName } from '../../model/tally.ts';
import { reachesBy } from '../../policy/filter/reaches.ts';
import type { Run } from '../run.ts';

/** One that was changed. `path` is that of its root, or the destination's. */
interface WrittenFileSystem {
  readonly fd: number;
  readonly path: string;
  readonly isRemote: boolean;
}

const NOT_FLUSHED =
  'not flushed to the disk: after a crash of the machine the last changes may be missing (--verify=none without --fsync)';

/** @throws FatalError, Interrupted */
export async function flushDestination(run: Run): Promise<void> {
  if (!hasWritten(run)) return;
  const { verify, fsync } = run.task.settings;
  if (verify === 'none' && !fsync) {
    run.results.notes.push(NOT_FLUSHED);
    return;
  }
  const { fd, path, isRemote } = run.destination;
  await flush(run, { fd, path, isRemote });
  for (const mount of mountsWrittenTo(run)) await flushMount(run, mount);
}

const WRITES: readonly CounterName[] = [
  'bytesWritten',
  'filesTransferred',
  'entriesCreated',
  'entriesAdjusted',
  'entriesLinked',
  'entriesDeleted',
];

function hasWritten({ counters }: Run): boolean {
  const tally = counters.totals();
  return WRITES.some((name) => tally[name] > 0);
}

/** A dead server that has no part in the run must not hold it up. */
function mountsWrittenTo({ destination: { realPath }, task: { settings } }: Run): Mount[] {
  if (settings.oneFileSystem) return [];
  const isReached = reachesBy(settings, 'destination');
  return mountsBelow(readMounts(), realPath).filter(({ mountPoint }) =>
    isReached(namesBelow(mountPoint, realPath)),
  );
}

/** Those that cannot be entered were not written to; what was unmounted meanwhile was flushed by that. */
const NOT_ENTERED: ReadonlySet<number> = new Set([-EACCES, -ENOENT, -ENOTDIR]);

async function flushMount(run: Run, { mountPoint, isRemote }: Mount): Promise<void> {
  const linux = linuxCalls('pooled');
  const fd = await linux.open(mountPoint, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (NOT_ENTERED.has(fd)) return;
  try {
    await flush(run, { fd: check(fd, 'open', mountPoint), path: mountPoint, isRemote });
  } catch (error) {
    throw error instanceof SystemError ? cannotFlush(error) : error;
  } finally {
    if (fd >= 0) await closeQuietly(linux, fd);
  }
}

async function flush(run: Run, { fd, path, isRemote }: WrittenFileSystem): Promise<void> {
  let result = await unlessStopped(run, flushFileSystem(fd));
  // NFS: close told of each write of this run that was lost. What syncfs tells first may be an older error that nobody
  // asked for, as of a run that met a full disk: only a new one counts.
  if (result < 0 && isRemote) result = await unlessStopped(run, flushFileSystem(fd));
  if (result < 0) throw cannotFlush(new SystemError(result, 'syncfs', path));
}

function cannotFlush(error: SystemError): FatalError {
  const what = `the file system of ${displayName(error.path)}`;
  return new FatalError(`cannot flush ${what} to the disk: ${error.reason}`, error);
}

const LOOK_INTERVAL_MS = 50;

/** The call goes on by itself: it cannot be called off. @throws Interrupted */
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
