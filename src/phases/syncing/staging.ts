/**
 * Directories of this run's own in a destination directory: files are written there and then moved out.
 *
 * NFS: the client locks a directory for two round trips over each exclusive create, and for one over each
 * rename. Files made in several directories wait for each other at the rename alone: PERF: 1,000 files in
 * one directory, 1 ms, 4.7 s without and 2.2 with 16 of these. What a file inherits (group, ACL), they inherit first.
 */
import { AT_REMOVEDIR } from '../../filesystem/linux/constants.ts';
import { ENOENT, SystemError } from '../../filesystem/linux/system-error.ts';
import { closeDirectory, openDirectory } from '../../filesystem/open-directory.ts';
import { childPath, lastName, type OpenDirectory } from '../../filesystem/root.ts';
import { OWNER_ACCESS } from '../../filesystem/unlock-directory.ts';
import { isFile } from '../../model/entry.ts';
import { isCrowded } from '../../policy/staging.ts';
import type { Section } from '../plan/section.ts';
import { addProblem, type ApplyingUnit } from './apply-unit.ts';
import { newTemporaryName } from './new-name.ts';

/** For one section; up to eight of a directory are applied at once. */
const DIRECTORY_COUNT = 4;

export class Staging {
  readonly #directories: readonly OpenDirectory[];
  #uses = 0;

  constructor(directories: readonly OpenDirectory[]) {
    this.#directories = directories;
  }

  /** In turn. */
  next(): OpenDirectory {
    return this.#directories[this.#uses++ % this.#directories.length] as OpenDirectory;
  }
}

export function paysToStage({ context }: ApplyingUnit, section: Section): boolean {
  // In a directory that is made together with its files, they are written where they belong at once.
  if (section.makes !== undefined || context.destination.linux.style !== 'overlapping') return false;
  return isCrowded({
    files: section.changes.filter(({ action, source }) => action === 'write' && isFile(source)).length,
    directoryFiles: section.directoryNames,
    allFiles: context.counters.totals().filesToTransfer,
  });
}

/** Makes them for as long as `use` takes; it gets none where none can be made. */
export async function withStaging(
  unit: ApplyingUnit,
  within: OpenDirectory,
  use: (staging: Staging | undefined) => Promise<void>,
): Promise<void> {
  const directories: OpenDirectory[] = [];
  try {
    for (let i = 0; i < DIRECTORY_COUNT; i++) {
      const made = await makeDirectory(unit, within);
      // Why it cannot be made, the files will show that are then made as anywhere else.
      if (made === undefined) break;
      directories.push(made);
    }
    await use(directories.length > 0 ? new Staging(directories) : undefined);
  } finally {
    for (const directory of directories) await closeDirectory(directory);
    for (const { path } of directories) await removeDirectory(unit, within, lastName(path));
  }
}

/** Undefined: none is left. */
async function makeDirectory(unit: ApplyingUnit, within: OpenDirectory): Promise<OpenDirectory | undefined> {
  const { linux, fd, path } = within;
  const name = newTemporaryName();
  const made = await linux.mkdirat(fd, name, OWNER_ACCESS);
  try {
    if (made >= 0) return { ...(await openDirectory({ linux, fd }, name)), path: childPath(path, name) };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
  // NFS: also what is reported as failed may have been made, its reply lost.
  await removeDirectory(unit, within, name);
  return undefined;
}

async function removeDirectory(
  unit: ApplyingUnit,
  { linux, fd, path }: OpenDirectory,
  name: string,
): Promise<void> {
  const result = await linux.unlinkat(fd, name, AT_REMOVEDIR);
  if (result >= 0 || result === -ENOENT) return;
  const error = new SystemError(result, 'unlinkat', childPath(path, name));
  await addProblem(unit, error, { side: 'destination', path: error.path, attempt: 'delete the directory' });
}
