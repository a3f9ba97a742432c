/**
 * `--temp-dir`: files are written in a directory of the run's own, in the directory that the operator named, and
 * renamed from there. Its name is the same in any run to this destination, which are never two at once: so what a
 * killed run left is found, and nothing that another run is writing.
 */
import { displayName } from '../../../model/display-name.ts';
import { FatalError } from '../../../model/run/errors.ts';
import { check, SystemError } from '../../../linux/system-error.ts';
import { StatBuffer } from '../../../linux/stat-buffer.ts';
import { createSha256 } from '../../../filesystem/compare/content-digest.ts';
import { makeOwnDirectory } from '../../../filesystem/destination/own-directory.ts';
import { tryMtime } from '../../../filesystem/destination/files.ts';
import { readOpenEntry, statOpen } from '../../../filesystem/entry-stat.ts';
import { isBelow, joinNames } from '../../../filesystem/real-paths.ts';
import { callsTo, type NameIn, type OpenDirectory } from '../../../filesystem/root.ts';
import type { Entry } from '../../../model/entry.ts';
import { temporaryName } from '../../../policy/names/temporary-name.ts';
import type { Run } from '../../../engine/context/run.ts';
import type { WorkerContext } from '../../../engine/context/worker-context.ts';
import { removeOwnDirectory } from './temporaries.ts';

/** Makes it while `work` runs. @throws FatalError: it cannot be made */
export async function withOwnTemporaries(run: Run, work: () => Promise<void>): Promise<void> {
  const { temporaryDirectory, destination, reporter } = run;
  if (temporaryDirectory === undefined) return work();
  const { location, ownFd } = temporaryDirectory;
  const token = createSha256().update(`${destination.inode} ${destination.realPath}`, 'latin1').digest('hex');
  const directory = { linux: callsTo(location), fd: location.fd, path: location.realPath };
  const at: NameIn = { directory, name: temporaryName(token.slice(0, 32)) };
  const path = joinNames(location.realPath, at.name);
  let before: Entry;
  try {
    before = await readOpenEntry(directory);
    await removeOwnDirectory(directory, at.name);
    await makeOwnDirectory(at, ownFd, path);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const { code, reason: why } = error;
    throw new FatalError(`cannot make ${displayName(path)} for --temp-dir: ${why}`, {
      code,
      path,
      cause: error,
    });
  }
  try {
    await work();
  } finally {
    const reason = await tryRemove(at);
    // Whoever compares it with the source's sees no change. Where there was one, its time is still to be set.
    if (isBelow(location.realPath, destination.realPath))
      await tryMtime(directory, { sec: before.mtimeSec, nsec: before.mtimeNsec });
    if (reason !== undefined) {
      reporter.warned(
        `cannot remove ${displayName(path)}: ${reason}; the next run with --temp-dir tries again`,
      );
    }
  }
}

/** Gives the reason if it is still there. */
async function tryRemove({ directory, name }: NameIn): Promise<string | undefined> {
  try {
    return (await removeOwnDirectory(directory, name)) ? undefined : 'it contains a directory';
  } catch (error) {
    if (error instanceof SystemError) return error.reason;
    throw error;
  }
}

/** Undefined: files are written in their own directory, as it is one that they cannot be renamed into from elsewhere. */
export async function ownTemporariesFor(
  context: WorkerContext,
  destination: OpenDirectory,
): Promise<OpenDirectory | undefined> {
  const own = ownTemporaries(context);
  if (own === undefined) return undefined;
  const [there, here] = [new StatBuffer(), new StatBuffer()];
  check(await statOpen(destination, there), 'statx', destination.path);
  check(await statOpen(own, here), 'statx', own.path);
  return there.device === here.device && there.mountId === here.mountId ? own : undefined;
}

/** Undefined without the option. */
export function ownTemporaries({ setup, destination }: WorkerContext): OpenDirectory | undefined {
  const { temporaryDirectory } = setup;
  return temporaryDirectory && { ...temporaryDirectory, linux: destination.linux };
}
